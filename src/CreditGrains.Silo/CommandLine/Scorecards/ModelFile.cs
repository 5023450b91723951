using System.Text;
using CreditGrains.Ledger;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>A scorecard that was read from a file: PMML, or the ledger's JSON.</summary>
/// <param name="Path">The file, as it was named.</param>
/// <param name="Card">What is scored.</param>
/// <param name="Document">What its makers say of it; null if it came as PMML.</param>
internal sealed record ModelFile(string Path, Scorecard Card, ScorecardDocument? Document)
{
    // What both readers take, and a byte more, so that they see that there is more.
    private const int MaxBytes = ScorecardJson.MaxBytes + 1;

    /// <summary>Gets the model's name, or the file's if it has none.</summary>
    public string Name => Card.ModelName is { Length: > 0 } name ? name : System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Gets what its points mean; null if nobody said, and then it gives no probabilities.</summary>
    public ScoreScale? Scale => Card.Scale;

    /// <summary>Gets the inputs that are texts.</summary>
    public IReadOnlySet<string> TextInputs => Card.Fields.Where(one => !one.IsNumeric).Select(one => one.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Reads a file. It is JSON if it begins with a brace, and PMML otherwise, whatever it is called.</summary>
    /// <param name="path">Which.</param>
    /// <exception cref="ImportFileException">It cannot be read, or holds no scorecard.</exception>
    public static ModelFile Read(string path)
    {
        var text = TextOf(path);
        return ReadModel.IsJson(text) ? OfJson(path, text) : OfPmml(path, text);
    }

    private static ModelFile OfJson(string path, string text)
    {
        var reading = ScorecardJson.Read(text);
        return reading.Document is { } document ? new(path, document.ToScorecard(), document) : throw new ImportFileException($"{path} {reading.Fault}");
    }

    private static ModelFile OfPmml(string path, string text)
    {
        var reading = PmmlReader.Read(text);
        return reading.Card is { } card ? new(path, card, null) : throw new ImportFileException($"{path} {reading.Fault}");
    }

    private static string TextOf(string path)
    {
        using var file = InputFile.Open(path);
        var bytes = new byte[(int)Math.Min(file.Length, MaxBytes)];
        file.ReadExactly(bytes);
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
