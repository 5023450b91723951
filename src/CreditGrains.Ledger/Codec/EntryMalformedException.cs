namespace CreditGrains.Ledger;

/// <summary>A stored entry's bytes are not what <see cref="EntryCodec"/> writes. The message names the place and never the contents.</summary>
public sealed class EntryMalformedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="field">The field that was being read, in the JSON spelling.</param>
    /// <param name="offset">Where in the bytes, from 0.</param>
    public EntryMalformedException(string field, int offset)
        : base($"A stored entry is malformed: '{field}' at byte {offset}.")
    {
        Field = field;
        Offset = offset;
    }

    /// <summary>Gets the field that was being read, in the JSON spelling.</summary>
    public string Field { get; }

    /// <summary>Gets where in the bytes, from 0.</summary>
    public int Offset { get; }
}
