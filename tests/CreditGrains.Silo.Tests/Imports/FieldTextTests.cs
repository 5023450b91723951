using System.Text;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.Tests.Imports;

public sealed class FieldTextTests
{
    [Theory]
    [InlineData("700.00", 70_000)]
    [InlineData("147.8", 14_780)]
    [InlineData("147", 14_700)]
    [InlineData("0.01", 1)]
    [InlineData("00700.00", 70_000)]
    [InlineData("1.2500", 125)] // zeros beyond the heller change nothing
    [InlineData("10000000000000.00", 1_000_000_000_000_000)]
    public void Amounts_are_read_exactly(string text, long minorUnits)
    {
        Assert.Null(FieldText.Amount(Encoding.UTF8.GetBytes(text), Currency.Of("CZK"), out var read));
        Assert.Equal(minorUnits, read);
    }

    [Theory]
    [InlineData("", "FieldMissing")]
    [InlineData("0.00", "AmountOutOfRange")]
    [InlineData("-5.00", "AmountOutOfRange")]
    [InlineData("10000000000000.01", "AmountOutOfRange")]
    [InlineData("99999999999999999999999999", "AmountOutOfRange")]
    [InlineData("1.005", "FieldMalformed")] // half a heller
    [InlineData("1,000.00", "FieldMalformed")]
    [InlineData("1e5", "FieldMalformed")]
    [InlineData("+5", "FieldMalformed")]
    [InlineData(" 5", "FieldMalformed")]
    [InlineData(".5", "FieldMalformed")]
    [InlineData("5.", "FieldMalformed")]
    [InlineData("NaN", "FieldMalformed")]
    [InlineData("-", "FieldMalformed")]
    [InlineData("٥", "FieldMalformed")] // a digit, but not one of ours
    public void What_is_almost_an_amount_is_none(string text, string code) =>
        Assert.Equal(code, FieldText.Amount(Encoding.UTF8.GetBytes(text), Currency.Of("CZK"), out _)?.ToString());

    [Fact]
    public void An_amount_has_as_many_decimals_as_its_currency()
    {
        Assert.Null(FieldText.Amount("12"u8, Currency.Of("JPY"), out var yen));
        Assert.Null(FieldText.Amount("1.2345"u8, Currency.Of("CLF"), out var fourDecimals));
        Assert.Equal(RowFaultCode.FieldMalformed, FieldText.Amount("1.5"u8, Currency.Of("JPY"), out _));
        Assert.Equal((12, 12_345), (yen, fourDecimals));
    }

    [Theory]
    [InlineData("930101", 1993, 1, 1)]
    [InlineData("960229", 1996, 2, 29)]
    [InlineData("000229", 0, 0, 0)] // 1900 was no leap year
    [InlineData("931301", 0, 0, 0)]
    [InlineData("930001", 0, 0, 0)]
    [InlineData("930100", 0, 0, 0)]
    [InlineData("930431", 0, 0, 0)]
    public void Days_are_days_of_the_calendar_of_the_1900s(string text, int year, int month, int day)
    {
        var code = FieldText.Day19(Encoding.UTF8.GetBytes(text), out var read);

        Assert.Equal(year == 0 ? RowFaultCode.DateOutOfRange : null, code);
        if (year > 0) Assert.Equal(new DateOnly(year, month, day), read);
    }

    [Theory]
    [InlineData("", "FieldMissing")]
    [InlineData("93010", "FieldMalformed")]
    [InlineData("19930101", "FieldMalformed")]
    [InlineData("93-1-1", "FieldMalformed")]
    public void What_is_almost_a_day_is_none(string text, string code) =>
        Assert.Equal(code, FieldText.Day19(Encoding.UTF8.GetBytes(text), out _)?.ToString());
}
