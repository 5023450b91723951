using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CreditGrains;

/// <summary>A currency of ISO 4217, or none.</summary>
/// <remarks>
/// Held as a number: the three letters in base 26, plus one. The default value is no currency; it prints as <c>XXX</c>, the
/// standard's code for it, and totals use it for entries without money.
/// </remarks>
[GenerateSerializer, Immutable, Alias("cg.Currency")]
public readonly record struct Currency : IComparable<Currency>
{
    private const string None = "XXX";

    private static readonly FrozenDictionary<ushort, byte> Exponents = Table();

    /// <summary>Makes a currency of its number, as read from a journal or the wire. It may be unknown; see <see cref="IsKnown"/>.</summary>
    /// <param name="number">What <see cref="Number"/> gave.</param>
    public Currency(ushort number) => Number = number;

    /// <summary>Gets the number that stands for the code on the wire and on disk; 0 is no currency.</summary>
    [Id(0)]
    public ushort Number { get; }

    /// <summary>Gets whether the code is in force, by the table of ISO 4217 in this type.</summary>
    public bool IsKnown => Exponents.ContainsKey(Number);

    /// <summary>Gets how many decimal digits the minor unit has: 2 for most, 0 for yen, 3 for Kuwaiti dinars.</summary>
    /// <value>From 0 to 4; 0 for no currency or an unknown one.</value>
    public int Exponent => Exponents.TryGetValue(Number, out var exponent) ? exponent : 0;

    /// <summary>Gets how many minor units make one major unit.</summary>
    public long MinorUnitsPerMajor => Exponent switch { 0 => 1, 2 => 100, 3 => 1_000, _ => 10_000 };

    /// <summary>Names a currency in code that knows it to exist.</summary>
    /// <param name="code">Three capital letters, such as <c>CZK</c>.</param>
    /// <exception cref="ArgumentException">The code is not in force.</exception>
    public static Currency Of(string code) =>
        TryParse(code, out var currency) ? currency : throw new ArgumentException($"'{code}' is not a currency of ISO 4217.", nameof(code));

    /// <summary>Reads a code in force. Anything else, lower case included, is refused.</summary>
    /// <param name="code">Three capital letters.</param>
    /// <param name="currency">The currency, if the answer is true.</param>
    public static bool TryParse([NotNullWhen(true)] string? code, out Currency currency)
    {
        currency = default;
        if (code is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z', >= 'A' and <= 'Z']) return false;
        var number = NumberOf(code);
        if (!Exponents.ContainsKey(number)) return false;
        currency = new(number);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Currency other) => Number.CompareTo(other.Number);

    /// <summary>Writes an amount of minor units in major ones, with all of the currency's decimals.</summary>
    /// <param name="minorUnits">Whole minor units of this currency.</param>
    public string FormatMajor(Int128 minorUnits)
    {
        if (Exponent == 0) return minorUnits.ToString(CultureInfo.InvariantCulture);
        var digits = Int128.Abs(minorUnits).ToString(CultureInfo.InvariantCulture).PadLeft(Exponent + 1, '0');
        return $"{(minorUnits < 0 ? "-" : "")}{digits[..^Exponent]}.{digits[^Exponent..]}";
    }

    /// <summary>Gives the three letters; <c>XXX</c> for no currency.</summary>
    public override string ToString() => Number is 0 or > 26 * 26 * 26
        ? None
        : string.Create(3, Number - 1, static (text, number) =>
        {
            text[0] = (char)('A' + (number / (26 * 26)));
            text[1] = (char)('A' + (number / 26 % 26));
            text[2] = (char)('A' + (number % 26));
        });

    private static ushort NumberOf(ReadOnlySpan<char> code) =>
        (ushort)((((code[0] - 'A') * 26 * 26) + ((code[1] - 'A') * 26) + (code[2] - 'A')) + 1);

    private static FrozenDictionary<ushort, byte> Table() => Codes
        .SelectMany(row => row.Codes.Split(' '), (row, code) => (Number: NumberOf(code), row.Exponent))
        .ToFrozenDictionary(row => row.Number, row => row.Exponent);

    // ISO 4217, the codes in force by the number of digits of their minor unit. MGA and MRU count fifths; the standard writes 2.
    private static (byte Exponent, string Codes)[] Codes =>
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF"),
        (2, "CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD"),
        (2, "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL"),
        (2, "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR"),
        (2, "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP"),
        (2, "TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ];
}
