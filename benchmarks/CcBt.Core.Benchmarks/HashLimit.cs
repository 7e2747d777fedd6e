using System.Diagnostics;
using System.Security.Cryptography;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Benchmarks;

/// <summary>What hashing alone takes on this machine, with content that is in no cache: the limit of a hash check that takes piece by piece, and that of one that takes eight at a time.</summary>
internal static class HashLimit
{
    private const int PieceLength = 1 << 20;
    private const int Pieces = 1024;
    private const int Rounds = 3;

    public static void Run()
    {
        byte[][] parts = [.. Enumerable.Range(0, Pieces / Sha1Lanes.Count).Select(static _ => RandomNumberGenerator.GetBytes(Sha1Lanes.Count * PieceLength))];
        for (int round = 0; round < Rounds; round++)
        {
            foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
            {
                Measure("one by one", threads, i => HashOneByOne(parts[i]));
                if (Sha1Lanes.IsSupported)
                    Measure("eight at a time", threads, i => HashTogether(parts[i]));
            }
        }

        void Measure(string how, int threads, Action<int> hash)
        {
            using var process = Process.GetCurrentProcess();
            TimeSpan cpu = process.TotalProcessorTime;
            long begin = Stopwatch.GetTimestamp();
            int next = -1;
            Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
            {
                while (Interlocked.Increment(ref next) is var i && i < parts.Length)
                    hash(i);
            }))];
            foreach (Thread worker in workers)
                worker.Start();
            foreach (Thread worker in workers)
                worker.Join();
            TimeSpan wall = Stopwatch.GetElapsedTime(begin);
            process.Refresh();
            Console.WriteLine($"SHA-1 of 1 GiB, pieces of 1 MiB {how}, {threads} threads: {wall.TotalSeconds:0.000} s, {(process.TotalProcessorTime - cpu).TotalSeconds:0.000} CPU s");
        }
    }

    private static void HashOneByOne(byte[] part)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        for (int at = 0; at < part.Length; at += PieceLength)
            SHA1.HashData(part.AsSpan(at, PieceLength), digest);
    }

    private static void HashTogether(byte[] part)
    {
        Span<byte> digests = stackalloc byte[Sha1Lanes.Count * SHA1.HashSizeInBytes];
        var lanes = new Sha1Lanes();
        lanes.Begin();
        lanes.Append(part, PieceLength, PieceLength);
        lanes.Finish(digests);
    }
}
