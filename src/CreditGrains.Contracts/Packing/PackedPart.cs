using System.Collections.Immutable;

namespace CreditGrains.Packing;

/// <summary>A part of a file that is unpacked when it is first looked at: most who ask for a file look at some of it only.</summary>
/// <remarks>Files that are copies of one another share it, and what it was unpacked to; so they stay equal. May be looked at by many at once.</remarks>
/// <typeparam name="T">What the part has many of.</typeparam>
internal sealed class PackedPart<T> : IEquatable<PackedPart<T>>
{
    /// <summary>The part that has none.</summary>
    internal static readonly PackedPart<T> Empty = new([]);

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Reading? _reading;
    private ImmutableArray<T> _values;
    private volatile bool _isRead;

    /// <summary>Makes a part of what it has.</summary>
    internal PackedPart(ImmutableArray<T> values) => (_values, _isRead) = (values, true);

    /// <summary>Makes a part of its packed bytes, which are not looked at yet.</summary>
    internal PackedPart(ReadOnlyMemory<byte> bytes, Reading reading) => (_bytes, _reading) = (bytes, reading);

    /// <summary>Reads the part's elements.</summary>
    internal delegate ImmutableArray<T> Reading(ref PackReader reader);

    /// <summary>Gets what the part has.</summary>
    /// <exception cref="Orleans.Serialization.SerializerException">The bytes are malformed.</exception>
    internal ImmutableArray<T> Values
    {
        get
        {
            if (!_isRead) Unpack();
            return _values;
        }
    }

    public bool Equals(PackedPart<T>? other) => ReferenceEquals(this, other) || (other is not null && Values == other.Values);

    public override bool Equals(object? obj) => Equals(obj as PackedPart<T>);

    public override int GetHashCode() => Values.GetHashCode();

    private void Unpack()
    {
        var reader = new PackReader(_bytes.Span);
        var values = _reading!(ref reader);
        reader.End();

        // Two who look at once must be given the same array.
        lock (this)
        {
            if (_isRead) return;
            _values = values;
            _isRead = true;
        }
    }
}
