namespace CcBt.Core.Fuzz.Generation;

/// <summary>What an input looks like, and so what breaks it in interesting ways.</summary>
internal enum InputForm
{
    Binary = 0,
    Bencode,
    Text,
}
