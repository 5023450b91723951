using System.CommandLine;
using System.Globalization;
using CreditGrains.Silo.Imports;
using CreditGrains.Silo.Imports.AmlSim;
using CreditGrains.Silo.Imports.Berka;
using CreditGrains.Silo.Imports.Entries;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>import</c>: records what files hold. Run again, it resumes: what is recorded already changes nothing.</summary>
internal static class ImportCommand
{
    private const string BerkaText =
        """
        DIR holds disp.asc, loan.asc and trans* (or .csv).

        The citizen is an account's owner, berka:CLIENT_ID. PRIJEM is received, VYDAJ and VYBER are paid; k_symbol UVER on an account
        with a loan repays it. Every loan is opened on its day; its later status is not recorded. Money is CZK. Rows that are malformed
        or of amount zero are refused; the others are recorded and the exit code is 4.
        """;

    private const string AmlSimText =
        """
        DIR holds transactions.csv. Each row is paid by amlsim:SOURCE and received by amlsim:TARGET, in USD, on the start date
        + time - 1.

        References hold the file's hash, so the same file imported again is the same payments and a changed file is others.
        """;

    private static readonly DateOnly AmlSimStartsOn = new(2024, 1, 1);

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host) => new("import", "Record what files hold; run again, it resumes")
    {
        Berka(host),
        AmlSim(host),
        Entries(host),
    };

    private static DetailedCommand Berka(CommandHost host)
    {
        var folder = FolderArgument();
        var transactions = new Option<string[]>("--transactions")
        {
            Description = "The transaction files, by name in DIR or by path, given after DIR; without it every trans* in DIR",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        var refused = RefusedOption();
        var command = new DetailedCommand("berka", "Record the loans and transactions of the PKDD'99 bank data set", BerkaText) { folder, transactions, refused };
        command.SetAction((parsed, cancellation) => RunAsync(
            host, parsed, new BerkaImport(parsed.GetRequiredValue(folder), parsed.GetValue(transactions) ?? []), parsed.GetValue(refused), null, cancellation));
        return command;
    }

    private static DetailedCommand AmlSim(CommandHost host)
    {
        var folder = FolderArgument();
        var start = new Option<DateOnly?>("--start-date")
        {
            Description = "The day that the column time calls 1; 2024-01-01 if absent",
            HelpName = "YYYY-MM-DD",
            CustomParser = Dates.MaybeDay,
        };
        var refused = RefusedOption();
        var command = new DetailedCommand("amlsim", "Record the payments of an AMLSim run", AmlSimText) { folder, start, refused };
        command.SetAction((parsed, cancellation) => RunAsync(
            host, parsed, new AmlSimImport(parsed.GetRequiredValue(folder), parsed.GetValue(start) ?? AmlSimStartsOn), parsed.GetValue(refused), null, cancellation));
        return command;
    }

    private static DetailedCommand Entries(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "The file of JSON lines" };
        var refused = RefusedOption();
        var command = new DetailedCommand("entries", "Record a file of JSON lines, one entry a line", EntrySchema.Text) { file, refused };
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file);
            return RunAsync(host, parsed, new EntriesImport(path), parsed.GetValue(refused), path, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CommandHost host, ParseResult parsed, IEntrySource source, string? refusedFile, string? input, CancellationToken cancellation)
    {
        var location = host.Options.LocationOf(parsed);
        source.Prepare();
        using var refusals = new RefusalFile(refusedFile is null ? RefusalFile.PlacesFor(source.Name, input, location) : [refusedFile]);
        var result = await Recording.RunAsync(host, parsed, location, source, refusals, cancellation);
        return Report(host, parsed, result, refusals);
    }

    private static int Report(CommandHost host, ParseResult parsed, RecordingResult result, RefusalFile refusals)
    {
        if (refusals.Count > 0)
        {
            foreach (var sentence in refusals.First) host.Terminal.Error.WriteLine(sentence);
            host.Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{refusals.Count:N0} refused; each is in {refusals.Path}. Correct them and import again: what is recorded stays as it is."));
        }

        return Recording.Report(host, parsed, result, null);
    }

    private static Argument<string> FolderArgument() => new("DIR") { Description = "The folder with the files" };

    private static Option<string?> RefusedOption() => new("--refused")
    {
        Description = "Where refused rows go; without it beside the ledger's folder, or beside the file for entries",
        HelpName = "FILE",
    };
}
