using System.Security.Cryptography;

namespace CreditGrains.Journal;

/// <summary>Gives random bytes: salts, nonces, batch ids. Handed in, so that a seeded run repeats itself byte for byte.</summary>
public abstract class RandomSource
{
    /// <summary>Gets the operating system's cryptographic source. May be used from any thread.</summary>
    public static RandomSource OperatingSystem { get; } = new BufferedSource();

    /// <summary>Fills a span with bytes that nobody was given before.</summary>
    /// <param name="target">The span to fill.</param>
    public abstract void Fill(Span<byte> target);

    /// <summary>Draws 128 random bits.</summary>
    public UInt128 NextUInt128()
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Asks the system for 4 KiB at a time, for each thread, because a call costs about half a microsecond however little it brings.</summary>
    private sealed class BufferedSource : RandomSource
    {
        private const int BufferBytes = 4096;

        [ThreadStatic]
        private static byte[]? _buffer;

        [ThreadStatic]
        private static int _left;

        public override void Fill(Span<byte> target)
        {
            if (target.Length > BufferBytes / 4)
            {
                RandomNumberGenerator.Fill(target);
                return;
            }

            var buffer = _buffer ??= new byte[BufferBytes];
            if (_left < target.Length)
            {
                RandomNumberGenerator.Fill(buffer);
                _left = BufferBytes;
            }

            var used = buffer.AsSpan(_left - target.Length, target.Length);
            used.CopyTo(target);
            used.Clear(); // a nonce handed out must not be found in memory later
            _left -= target.Length;
        }
    }
}
