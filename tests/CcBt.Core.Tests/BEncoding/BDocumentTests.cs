using System.Text;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Tests.BEncoding;

public sealed class BDocumentTests
{
    [Theory]
    [InlineData("i0e", 0)]
    [InlineData("i3e", 3)]
    [InlineData("i-3e", -3)]
    [InlineData("i10e", 10)]
    [InlineData("i9223372036854775807e", long.MaxValue)]
    [InlineData("i-9223372036854775808e", long.MinValue)]
    public void ReadsIntegers(string text, long expected)
    {
        BValue value = Bencode.Parse(text);
        Assert.True(value.TryGetInteger(out long integer));
        Assert.Equal(expected, integer);
        Assert.Equal(BKind.Integer, value.Kind);
        Assert.Null(value.AsText());
    }

    [Theory]
    [InlineData("0:", "")]
    [InlineData("4:spam", "spam")]
    [InlineData("10:0123456789", "0123456789")]
    public void ReadsStrings(string text, string expected)
    {
        BValue value = Bencode.Parse(text);
        Assert.True(value.TryGetBytes(out ReadOnlySpan<byte> bytes));
        Assert.Equal(expected, Encoding.Latin1.GetString(bytes));
        Assert.Equal(expected, value.AsText());
        Assert.Equal(bytes, value.BytesMemory.Span);
        Assert.Null(value.AsInteger());
    }

    [Fact]
    public void ReadsListsAndDictionaries()
    {
        BValue root = Bencode.Parse("d3:cow3:moo4:spaml1:ai7edee4:twoxi2ee");
        Assert.Equal(3, root.Count);
        Assert.Equal("moo", root["cow"u8].AsText());
        Assert.Equal(3, root["spam"u8].Count);
        Assert.Equal(2, root["twox"u8].AsInteger());
        Assert.Equal("l1:ai7edee", Encoding.Latin1.GetString(root["spam"u8].Raw));
        Assert.Equal(17, root["spam"u8].Offset);
        Assert.Equal(root["spam"u8].Raw, root["spam"u8].RawMemory.Span);
        var kinds = new List<BKind>();
        foreach (BEntry entry in root["spam"u8].Children)
        {
            Assert.True(entry.Key.IsEmpty);
            kinds.Add(entry.Value.Kind);
        }
        Assert.Equal([BKind.String, BKind.Integer, BKind.Dictionary], kinds);
    }

    [Fact]
    public void EntriesKnowTheirKeys()
    {
        var keys = new List<(string Key, int Offset)>();
        foreach (BEntry entry in Bencode.Parse("d1:ai1e2:bbd1:xleee").Children)
            keys.Add((Encoding.Latin1.GetString(entry.Key), entry.KeyOffset));
        Assert.Equal([("a", 1), ("bb", 7)], keys);
    }

    [Fact]
    public void WhatDoesNotExistAnswersWithNothing()
    {
        BValue missing = Bencode.Parse("d1:ai1ee")["b"u8]["c"u8]["d"u8];
        Assert.False(missing.Exists);
        Assert.Equal(BKind.None, missing.Kind);
        Assert.Equal(-1, missing.Offset);
        Assert.Equal(0, missing.Count);
        Assert.True(missing.Raw.IsEmpty);
        Assert.True(missing.RawMemory.IsEmpty);
        Assert.True(missing.BytesMemory.IsEmpty);
        Assert.False(missing.TryGetInteger(out _));
        Assert.False(missing.TryGetBytes(out _));
    }

    [Fact]
    public void TextThatIsNotUtf8GetsReplacementCharacters()
        => Assert.Equal("a\uFFFDb", Bencode.Parse("3:a\u00FFb").AsText());

    [Fact]
    public void UnsortedKeysAreReadUnlessTheLimitsAreStrict()
    {
        byte[] data = Bencode.Bytes("d1:bi1e1:ai2e1:ci3ee");
        BValue root = Bencode.Parse(data, BLimits.File);
        Assert.Equal([1L, 2L, 3L], [root["b"u8].AsInteger()!.Value, root["a"u8].AsInteger()!.Value, root["c"u8].AsInteger()!.Value]);
        Assert.Equal(new BError(BErrorCode.UnsortedKeys, 7), Bencode.Fail(data, BLimits.File with { StrictKeys = true }));
        Assert.Equal(new BError(BErrorCode.DuplicateKey, 7), Bencode.Fail(Bencode.Bytes("d1:bi1e1:bi2ee"), BLimits.File with { StrictKeys = true }));
    }

    [Theory]
    [InlineData("4:spam")]
    [InlineData("i7e")]
    [InlineData("le")]
    [InlineData("de")]
    public void OnlyFilledListsAndDictionariesHaveChildren(string text)
    {
        BValue value = Bencode.Parse(text);
        Assert.Equal(0, value.Count);
        foreach (BEntry _ in value.Children)
            Assert.Fail("There is no child.");
    }

    [Fact]
    public void OnlyADictionaryIsAskedForKeys()
        => Assert.False(Bencode.Parse("l4:spame")[""u8].Exists);

    [Fact]
    public void TrailingDataIsForMetadataMessagesOnly()
    {
        byte[] data = Bencode.Bytes("d8:msg_typei1eeBLOCK");
        var document = new BDocument();
        Assert.True(document.TryParse(data, BLimits.Wire, out _));
        Assert.Equal(15, document.Length);
        Assert.Equal(new BError(BErrorCode.TrailingData, 15), Bencode.Fail(data, BLimits.File));
    }

    [Fact]
    public void ADocumentCanParseAgainAlsoAfterAFailure()
    {
        var document = new BDocument();
        Assert.True(document.TryParse(Bencode.Bytes("li1ee"), BLimits.File, out _));
        Assert.False(document.TryParse(Bencode.Bytes("li1e"), BLimits.File, out _));
        Assert.True(document.TryParse(Bencode.Bytes("4:spam"), BLimits.File, out _));
        Assert.Equal("spam", document.Root.AsText());
    }
}
