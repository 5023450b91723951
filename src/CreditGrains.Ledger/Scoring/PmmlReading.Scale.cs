using System.Globalization;

namespace CreditGrains.Ledger;

/// <content>The scale, which the standard has no words for.</content>
internal sealed partial class PmmlReading
{
    private static readonly string[] ScaleNames = ["base", "odds", "pdo", "low", "high"];

    private ScoreScale? Scale(PmmlElement model)
    {
        ScoreScale? found = null;
        foreach (var extension in model.Extensions)
        {
            // Others of this extender may come to be; they cannot change what is scored either.
            if (extension.Take("name") != PmmlWords.ScaleExtension) continue;
            if (found is not null) Refuse(ScorecardRefusal.ElementRepeated, extension, "There is a second scale.");
            extension.Take("extender");
            var scale = ScaleOf(extension, Require(extension, "value"));
            Done(extension, holdsText: true);
            found ??= At(extension, scale);
        }

        return found;
    }

    private ScoreScale ScaleOf(PmmlElement extension, string value)
    {
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var numbers = new double[ScaleNames.Length];
        for (var index = 0; index < ScaleNames.Length; index++)
        {
            var name = ScaleNames[index];
            if (index < parts.Length && parts[index].StartsWith(name + "=", StringComparison.Ordinal)) numbers[index] = Number(extension, name, parts[index][(name.Length + 1)..]);
            else Refuse(ScorecardRefusal.ValueNotHonoured, extension, $"The scale has no {name} at place {index + 1}; it is written as base=… odds=… pdo=… low=… high=….");
        }

        if (parts.Length > ScaleNames.Length) Refuse(ScorecardRefusal.ValueNotHonoured, extension, $"The scale says more than {string.Join(", ", ScaleNames)}.");
        return new(numbers[0], numbers[1], numbers[2], Whole(extension, numbers[3]), Whole(extension, numbers[4]));
    }

    private int Whole(PmmlElement extension, double number)
    {
        if (number is >= int.MinValue and <= int.MaxValue && ScorecardField.IsWhole(number)) return (int)number;
        Refuse(ScorecardRefusal.ValueNotHonoured, extension, $"The ends of a scale are whole numbers of 32 bits; {number.ToString("R", CultureInfo.InvariantCulture)} is none.");
        return 0;
    }
}
