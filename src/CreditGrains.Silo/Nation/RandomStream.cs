namespace CreditGrains.Silo.Nation;

/// <summary>A stream of numbers that is the same for the same seed on every machine: xoshiro256**, started by SplitMix64.</summary>
/// <remarks>Not for secrets. Every citizen has a stream of its own, so that any of them can be made alone.</remarks>
internal sealed class RandomStream
{
    private ulong _a, _b, _c, _d;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">The nation's seed.</param>
    /// <param name="number">Which of its streams.</param>
    public RandomStream(ulong seed, ulong number)
    {
        // The seed is mixed first, so that the streams of neighbouring seeds and numbers have nothing in common.
        var state = seed;
        state = unchecked(Mix(ref state) + number);
        (_a, _b, _c, _d) = (Mix(ref state), Mix(ref state), Mix(ref state), Mix(ref state));
    }

    /// <summary>Draws 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            var result = ulong.RotateLeft(_b * 5, 7) * 9;
            var shifted = _b << 17;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= shifted;
            _d = ulong.RotateLeft(_d, 45);
            return result;
        }
    }

    /// <summary>Draws a whole number, both ends included.</summary>
    /// <param name="lowest">The lowest.</param>
    /// <param name="highest">The highest.</param>
    public long Between(long lowest, long highest) =>
        lowest + (long)Math.BigMul(Next(), (ulong)(highest - lowest + 1), out _);

    /// <summary>Draws whether something happens.</summary>
    /// <param name="perMille">How often of a thousand times.</param>
    public bool Chance(int perMille) => Between(0, 999) < perMille;

    /// <summary>Draws one of several, all as likely.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="choices">At least one.</param>
    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[(int)Between(0, choices.Length - 1)];

    private static ulong Mix(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
