using System.CommandLine.Parsing;
using System.Globalization;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Reads days, months and instants from the command line; anything that is almost one is an error that says the form.</summary>
internal static class Dates
{
    /// <summary>Reads a day that need not be given.</summary>
    /// <param name="argument">What was given.</param>
    public static DateOnly? MaybeDay(ArgumentResult argument)
    {
        if (DateOnly.TryParseExact(Word(argument), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        argument.AddError($"{Name(argument)} needs a day, YYYY-MM-DD.");
        return null;
    }

    /// <summary>Reads a month that need not be given, as its first day.</summary>
    /// <param name="argument">What was given.</param>
    public static DateOnly? MaybeMonth(ArgumentResult argument)
    {
        if (DateOnly.TryParseExact(Word(argument), "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        argument.AddError($"{Name(argument)} needs a month, YYYY-MM.");
        return null;
    }

    /// <summary>Reads an instant that need not be given. One without an offset is in UTC.</summary>
    /// <param name="argument">What was given.</param>
    public static DateTimeOffset? MaybeInstant(ArgumentResult argument)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(Word(argument), Forms, CultureInfo.InvariantCulture, styles, out var instant)) return instant;
        argument.AddError($"{Name(argument)} needs an instant, such as 2024-05-01T12:00:00Z.");
        return null;
    }

    private static string[] Forms =>
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    private static string Word(ArgumentResult argument) => argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";

    private static string Name(ArgumentResult argument) => (argument.Parent as OptionResult)?.Option.Name ?? argument.Argument.Name;
}
