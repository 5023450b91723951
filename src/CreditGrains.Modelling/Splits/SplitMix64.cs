using System.Text;

namespace CreditGrains.Modelling;

/// <summary>A number spread over 64 bits, and a sequence of such numbers from a seed.</summary>
/// <remarks>
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014), with the constants of Vigna's public-domain
/// version. It is written out here because a split must be the same in years, on another runtime: <see cref="Random"/> promises no such thing.
/// </remarks>
public sealed class SplitMix64
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>Begins a sequence.</summary>
    /// <param name="seed">The same seed gives the same sequence.</param>
    public SplitMix64(ulong seed) => _state = seed;

    /// <summary>Gives the first number of the sequence that begins with <paramref name="value"/>.</summary>
    /// <param name="value">Any.</param>
    public static ulong Of(ulong value)
    {
        unchecked
        {
            var z = value + Gamma;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Gives a number for a text: FNV-1a, 64 bits, over its UTF-8 bytes.</summary>
    /// <param name="text">Any; upper and lower case differ.</param>
    public static ulong OfText(string text)
    {
        unchecked
        {
            var hash = 0xCBF29CE484222325;
            foreach (var octet in Encoding.UTF8.GetBytes(text)) hash = (hash ^ octet) * 0x100000001B3;
            return hash;
        }
    }

    /// <summary>Gives the next number of the sequence.</summary>
    public ulong Next()
    {
        var next = Of(_state);
        unchecked
        {
            _state += Gamma;
        }

        return next;
    }

    /// <summary>Gives a whole number from 0 to below <paramref name="bound"/>, each as likely as any other.</summary>
    /// <param name="bound">1 or more.</param>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);

        // The high half of a product is even but for a few low halves, and those are drawn again (Lemire, ACM TOMACS 29, 2019).
        while (true)
        {
            var high = Math.BigMul(Next(), (ulong)bound, out var low);
            if (low >= (ulong)bound || low >= unchecked(0 - (ulong)bound) % (ulong)bound) return (int)high;
        }
    }

    /// <summary>Puts values into an order of chance, each order as likely as any other.</summary>
    /// <param name="values">Are moved.</param>
    internal void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }
}
