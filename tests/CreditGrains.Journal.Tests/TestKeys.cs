namespace CreditGrains.Journal.Tests;

/// <summary>Keys for tests: one of each suite, and the same in every run.</summary>
internal static class TestKeys
{
    internal static ICipherKeys Of(CipherSuite suite, RandomSource? random = null) => suite == CipherSuite.Plain
        ? new PlainKeys(random ?? RandomSource.OperatingSystem)
        : new SingleKey(7, [.. Enumerable.Range(0, AesGcmCipher.KeyBytes).Select(i => (byte)i)], random ?? RandomSource.OperatingSystem);
}

/// <summary>Random bytes that a seed decides.</summary>
internal sealed class SeededSource(int seed) : RandomSource
{
    private readonly Random _random = new(seed);

    public override void Fill(Span<byte> target) => _random.NextBytes(target);
}
