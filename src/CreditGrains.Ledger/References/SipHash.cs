using System.Buffers.Binary;
using System.Numerics;

namespace CreditGrains.Ledger;

/// <summary>SipHash-2-4: a keyed 64-bit hash of short messages, by Aumasson and Bernstein.</summary>
/// <remarks>Keyed, because digests outlive the bodies they were made of and must not tell what those said.</remarks>
internal static class SipHash
{
    internal static ulong Hash(ulong key0, ulong key1, ReadOnlySpan<byte> message)
    {
        unchecked
        {
            var v0 = key0 ^ 0x736F6D6570736575;
            var v1 = key1 ^ 0x646F72616E646F6D;
            var v2 = key0 ^ 0x6C7967656E657261;
            var v3 = key1 ^ 0x7465646279746573;
            var last = (ulong)message.Length << 56;

            for (; message.Length >= sizeof(ulong); message = message[sizeof(ulong)..])
            {
                var word = BinaryPrimitives.ReadUInt64LittleEndian(message);
                v3 ^= word;
                Round(ref v0, ref v1, ref v2, ref v3);
                Round(ref v0, ref v1, ref v2, ref v3);
                v0 ^= word;
            }

            for (var index = 0; index < message.Length; index++) last |= (ulong)message[index] << (8 * index);
            v3 ^= last;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= last;

            v2 ^= 0xFF;
            for (var round = 0; round < 4; round++) Round(ref v0, ref v1, ref v2, ref v3);
            return v0 ^ v1 ^ v2 ^ v3;
        }
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        unchecked
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
