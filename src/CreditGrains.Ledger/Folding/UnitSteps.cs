namespace CreditGrains.Ledger;

/// <summary>Units of an investment in few bytes: most are traded in fewer decimals than the eight that are kept.</summary>
/// <remarks>
/// Written as an amount m: where the units are a whole number of 10^-4, m is twice that number; else m is twice the steps of 10^-8 plus one.
/// </remarks>
internal static class UnitSteps
{
    private const int Coarse = 10_000;

    internal static int Write(Span<byte> target, Int128 units)
    {
        // Most holdings fit 64 bits, whose division is much the faster.
        if (units is var wide && (wide > long.MaxValue / 2 || wide < 0)) return Varint.WriteAmount(target, (units << 1) | 1);
        var steps = (long)units;
        return Varint.WriteAmount(target, steps % Coarse == 0 ? steps / Coarse << 1 : (steps << 1) | 1);
    }

    internal static Int128 Read(ReadOnlySpan<byte> source, ref int position)
    {
        var written = Varint.ReadAmount(source, ref position);
        return (written & 1) == 0 ? (written >> 1) * Coarse : written >> 1;
    }
}
