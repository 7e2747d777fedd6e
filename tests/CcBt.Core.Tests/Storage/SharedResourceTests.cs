using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class SharedResourceTests
{
    [Theory]
    [InlineData(1, 16 * 1024)]
    [InlineData(16 * 1024, 16 * 1024)]
    [InlineData(16 * 1024 + 1, 32 * 1024)]
    [InlineData(700_000, 1 << 20)]
    [InlineData(1 << 20, 1 << 20)]
    public void A_buffer_is_the_next_power_of_two(int length, int size) => Assert.Equal(size, WriteBudget.BufferSize(length));

    [Fact]
    public void The_budget_lends_all_or_nothing_and_keeps_what_comes_back()
    {
        var budget = new WriteBudget(4 << 20);
        var buffers = new WriteBuffer?[4];
        Assert.True(budget.TryRent(3, 1 << 20, buffers));
        var more = new WriteBuffer?[2];
        Assert.False(budget.TryRent(2, 1 << 20, more));
        Assert.Null(more[0]);
        Assert.Equal(3 << 20, budget.Lent);
        WriteBuffer returned = buffers[0]!;
        budget.Return(returned);
        Assert.True(budget.TryRent(1, 1 << 20, more));
        Assert.Same(returned, more[0]);
        Assert.True(budget.TryRent(64, 16 * 1024, new WriteBuffer?[64]));
        Assert.Equal(4 << 20, budget.Lent);
    }

    [Fact]
    public void The_least_recently_used_handle_is_closed()
    {
        using var cache = new HandleCache(2);
        var opener = new Opener();
        int store = cache.NewStore();
        cache.Rent(new HandleKey(store, 1), DiskAccess.Read, opener).Dispose();
        cache.Rent(new HandleKey(store, 2), DiskAccess.Read, opener).Dispose();
        cache.Rent(new HandleKey(store, 1), DiskAccess.Read, opener).Dispose();
        cache.Rent(new HandleKey(store, 3), DiskAccess.Read, opener).Dispose();
        Assert.Equal([1, 3], opener.Open.Order());
        cache.Rent(new HandleKey(store, 1), DiskAccess.Read, opener).Dispose();
        Assert.Equal(3, opener.Opened);
    }

    [Fact]
    public void A_handle_in_use_is_not_closed_and_writing_replaces_reading()
    {
        using var cache = new HandleCache(1);
        var opener = new Opener();
        int store = cache.NewStore();
        HandleLease reading = cache.Rent(new HandleKey(store, 1), DiskAccess.Read, opener);
        HandleLease writing = cache.Rent(new HandleKey(store, 1), DiskAccess.Write, opener);
        HandleLease other = cache.Rent(new HandleKey(store, 2), DiskAccess.Read, opener);
        Assert.Equal(3, opener.Open.Count);
        cache.CloseStore(store);
        Assert.Equal(3, opener.Open.Count);
        reading.Dispose();
        writing.Dispose();
        other.Dispose();
        Assert.Empty(opener.Open);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void A_failed_open_is_tried_again()
    {
        using var cache = new HandleCache(2);
        var opener = new Opener { Fails = true };
        var key = new HandleKey(cache.NewStore(), 1);
        Assert.Throws<IOException>(() => cache.Rent(key, DiskAccess.Read, opener));
        Assert.Equal(0, cache.Count);
        opener.Fails = false;
        cache.Rent(key, DiskAccess.Read, opener).Dispose();
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public async Task Many_threads_share_few_handles()
    {
        using var cache = new HandleCache(4);
        var opener = new Opener();
        int store = cache.NewStore();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 5_000; i++)
            {
                using HandleLease lease = cache.Rent(new HandleKey(store, random.Next(12)), (DiskAccess)random.Next(2), opener);
                Assert.False(((Opener.Handle)lease.File).IsClosed);
            }
        })));
        Assert.Equal(cache.Count, opener.Open.Count);
        Assert.InRange(cache.Count, 1, 4);
    }

    [Fact]
    public void The_checksum_is_castagnolis()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0xE3069283u, Crc32C.Compute("1234"u8, "56789"u8));
    }

    private sealed class Opener : IHandleOpener
    {
        private int _opened;

        public List<int> Open { get; } = [];

        public int Opened => _opened;

        public bool Fails { get; set; }

        public IDiskFile OpenFile(int file, DiskAccess access)
        {
            if (Fails)
                throw new IOException("It fails.");
            Interlocked.Increment(ref _opened);
            lock (Open)
                Open.Add(file);
            return new Handle(this, file);
        }

        internal sealed class Handle(Opener opener, int file) : IDiskFile
        {
            public bool IsClosed { get; private set; }

            public DiskFileInfo Info => default;

            public int Read(Span<byte> destination, long offset) => 0;

            public void Write(ReadOnlySpan<byte> source, long offset)
            {
            }

            public void Write(IReadOnlyList<ReadOnlyMemory<byte>> sources, long offset)
            {
            }

            public void SetLength(long length)
            {
            }

            public void Flush()
            {
            }

            public long NextData(long offset) => offset;

            public void Dispose()
            {
                IsClosed = true;
                lock (opener.Open)
                    opener.Open.Remove(file);
            }
        }
    }
}
