namespace CcBt.Core.BEncoding;

/// <summary>Why bytes are not acceptable bencode.</summary>
internal enum BErrorCode : byte
{
    None = 0,
    UnexpectedEnd,
    UnexpectedByte,
    InvalidInteger,
    IntegerOverflow,
    InvalidStringLength,
    StringTooLong,
    KeyNotString,
    KeyWithoutValue,
    DuplicateKey,
    UnsortedKeys,
    TooDeep,
    TooManyTokens,
    TrailingData,
    InputTooLong,
}
