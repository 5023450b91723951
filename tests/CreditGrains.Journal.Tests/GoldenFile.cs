namespace CreditGrains.Journal.Tests;

/// <summary>Bytes that a build once wrote and every later build must read: hexadecimal text beside the tests, 32 bytes a line.</summary>
internal static class GoldenFile
{
    internal static byte[] Read(string name) =>
        Convert.FromHexString(string.Concat(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, name)).Where(line => !line.StartsWith('#'))));
}

/// <summary>Bytes that count up: 0, 1, 2, and so on over all calls.</summary>
internal sealed class CountingSource : RandomSource
{
    private byte _next;

    public override void Fill(Span<byte> target)
    {
        foreach (ref var place in target) place = unchecked(_next++);
    }
}
