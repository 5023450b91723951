using System.Buffers.Text;

namespace CreditGrains.Silo.Imports;

/// <summary>Reads numbers, amounts and days from the bytes of a field: exactly, and nothing that is almost one.</summary>
/// <remarks>Each method answers null for a field that is good, and the code of its fault otherwise.</remarks>
internal static class FieldText
{
    /// <summary>The largest amount that an entry may hold, in minor units.</summary>
    public const long MaxMinorUnits = 1_000_000_000_000_000;

    // 18 digits always fit 64 bits.
    private const int MaxDigits = 18;

    /// <summary>Reads a whole number from 0, in digits alone.</summary>
    /// <param name="text">The field.</param>
    /// <param name="number">The number.</param>
    public static RowFaultCode? Number(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        if (text.IsEmpty) return RowFaultCode.FieldMissing;
        if (text.Length > MaxDigits || text.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return RowFaultCode.FieldMalformed;
        return Utf8Parser.TryParse(text, out number, out _) ? null : RowFaultCode.FieldMalformed;
    }

    /// <summary>Reads an amount in major units, such as <c>1200.50</c>, that must be above zero.</summary>
    /// <param name="text">The field: digits, and a point with further digits if there are any. More decimals than the currency has must be zeros.</param>
    /// <param name="currency">The currency.</param>
    /// <param name="minorUnits">The amount in minor units.</param>
    public static RowFaultCode? Amount(ReadOnlySpan<byte> text, Currency currency, out long minorUnits)
    {
        minorUnits = 0;
        if (text.IsEmpty) return RowFaultCode.FieldMissing;

        var isNegative = text[0] == '-';
        if (isNegative) text = text[1..];
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var decimals = point < 0 ? [] : text[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && decimals.IsEmpty)
            || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') || decimals.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return RowFaultCode.FieldMalformed;

        var kept = decimals[..Math.Min(decimals.Length, currency.Exponent)];
        if (decimals[kept.Length..].ContainsAnyExcept((byte)'0')) return RowFaultCode.FieldMalformed;
        whole = whole.TrimStart((byte)'0');
        if (whole.Length + currency.Exponent > MaxDigits) return RowFaultCode.AmountOutOfRange;

        foreach (var digit in whole) minorUnits = (minorUnits * 10) + (digit - '0');
        foreach (var digit in kept) minorUnits = (minorUnits * 10) + (digit - '0');
        for (var i = kept.Length; i < currency.Exponent; i++) minorUnits *= 10;
        return isNegative || minorUnits is 0 or > MaxMinorUnits ? RowFaultCode.AmountOutOfRange : null;
    }

    /// <summary>Reads a day written YYMMDD of the years 1900 to 1999.</summary>
    /// <param name="text">The field.</param>
    /// <param name="day">The day.</param>
    public static RowFaultCode? Day19(ReadOnlySpan<byte> text, out DateOnly day)
    {
        day = default;
        if (text.IsEmpty) return RowFaultCode.FieldMissing;
        if (text.Length != 6 || Number(text, out var number) is not null) return RowFaultCode.FieldMalformed;
        var (year, month, dayOfMonth) = (1900 + (int)(number / 10_000), (int)(number / 100 % 100), (int)(number % 100));
        if (month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > DateTime.DaysInMonth(year, month)) return RowFaultCode.DateOutOfRange;
        day = new DateOnly(year, month, dayOfMonth);
        return null;
    }
}
