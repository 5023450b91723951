using System.Text;
using CreditGrains.Ledger;
using CreditGrains.Silo.CommandLine.Scorecards.Report;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>The files that <c>fit</c> writes. Each is whole or as it was before.</summary>
/// <param name="Pmml">The scorecard as PMML.</param>
/// <param name="Json">The ledger's own form.</param>
/// <param name="Report">For people.</param>
internal sealed record FitFiles(string Pmml, string Json, string Report)
{
    /// <summary>Finds where they go, before any work is done.</summary>
    /// <param name="request">What was asked.</param>
    /// <exception cref="UsageException">Two of them, or one of them and what is read, would be the same file; or a folder is not there.</exception>
    public static FitFiles Of(FitRequest request)
    {
        var files = new FitFiles(request.Out, Path.ChangeExtension(request.Out, ".json"), request.Report ?? Path.ChangeExtension(request.Out, ".html"));
        string[] all = [files.Pmml, files.Json, files.Report, request.Input, .. request.Key is { } key ? [key] : Array.Empty<string>()];
        var twice = all.GroupBy(Path.GetFullPath, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any());
        if (twice is not null) throw new UsageException($"{twice.First()} would be two of the files: the table, the PMML, the JSON beside it, the report, the key. Give --out or --report another name.");
        RequireFolder(files.Pmml);
        RequireFolder(files.Report);
        return files;
    }

    /// <summary>Writes all of them.</summary>
    /// <param name="document">The scorecard, signed if it is to be.</param>
    /// <param name="fitted">What the report tells.</param>
    public void Write(ScorecardDocument document, FitSummary fitted)
    {
        WriteWhole(Report, ReportPage.OfFit(fitted));
        WriteWhole(Json, ScorecardJson.Write(document));
        WriteWhole(Pmml, PmmlWriter.Write(document.ToScorecard()));
    }

    /// <summary>Writes a file so that it is never half there.</summary>
    /// <param name="path">Which.</param>
    /// <param name="text">All that is in it.</param>
    public static void WriteWhole(string path, string text)
    {
        var beside = path + ".new";
        File.WriteAllText(beside, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Refuses a file whose folder is not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UsageException">It is not.</exception>
    public static void RequireFolder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder)) throw new UsageException($"{path} cannot be written: there is no folder {folder}. Make it first.");
        if (Directory.Exists(path)) throw new UsageException($"{path} is a folder; name a file.");
    }
}
