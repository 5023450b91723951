using System.CommandLine;
using System.Globalization;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>score</c>: scores a citizen, recorded before it is shown; or computes a past score again.</summary>
internal static class ScoreCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var reference = CitizenArgument.Make();
        var purpose = new Option<string?>("--purpose") { Description = "Why: one of " + string.Join(", ", Purposes.All.Where(Purposes.AllowsScore)), HelpName = "CODE" };
        var asOf = new Option<DateOnly?>("--as-of") { Description = "The day the score speaks for; without it today", HelpName = "YYYY-MM-DD", CustomParser = Dates.MaybeDay };
        var request = new Option<string?>("--request") { Description = "Your own name for the request: sent again, it gets the same score", HelpName = "NAME" };
        var replay = new Option<ulong?>("--replay") { Description = "Compute the score again that stands in this record, as known at it", HelpName = "SEQUENCE" };
        var command = new Command("score", "Score a citizen with reasons, and record it; or repeat a past score") { reference, purpose, asOf, request, replay };
        command.SetAction(async (parsed, cancellation) =>
        {
            var again = parsed.GetValue(replay);
            if (again is null == (parsed.GetValue(purpose) is null)) throw new UsageException("Give --purpose CODE to score, or --replay SEQUENCE to repeat a past score.");
            if (again is not null && (parsed.GetValue(asOf) is not null || parsed.GetValue(request) is not null))
                throw new UsageException("--replay repeats what was asked then: --as-of and --request do not go with it.");

            await using var ledger = await host.Opener.OpenAsync(host.Options.LocationOf(parsed), LedgerUse.Read, cancellation);
            var citizen = CitizenArgument.Read(ledger, parsed.GetRequiredValue(reference));
            if (again is { } sequence)
            {
                var repeated = ValueOf(await ledger.Client.ReplayScoreAsync(citizen, sequence, cancellation));
                Show(host, host.Options.IsJson(parsed), repeated.Recorded, repeated.IsSame);
                return repeated.IsSame ? ExitCode.Fine : ExitCode.Broken;
            }

            var asked = new ScoreRequest(parsed.GetValue(purpose)!, parsed.GetValue(request) ?? Guid.NewGuid().ToString("N"), parsed.GetValue(asOf));
            Show(host, host.Options.IsJson(parsed), ValueOf(await ledger.Client.ScoreAsync(citizen, asked, cancellation)), isSame: null);
            return ExitCode.Fine;
        });
        return command;
    }

    private static void Show(CommandHost host, bool isJson, ScoreReport score, bool? isSame)
    {
        if (isJson) JsonOutput.WriteLine(host.Terminal.Out, json => ScoreJson.Write(json, score, isSame));
        else ScoreDrawing.Draw(host.Terminal.Screen(), score, isSame);
    }

    private static T ValueOf<T>(ReadAnswer<T> answer) where T : class => answer switch
    {
        { Status: ReadStatus.BadRequest, Field: "purpose" } => throw new UsageException("Nobody is scored for that purpose. --purpose takes one of " + string.Join(", ", Purposes.All.Where(Purposes.AllowsScore)) + "."),
        { Status: ReadStatus.BadRequest, Field: "request" } => throw new UsageException(
            string.Create(CultureInfo.InvariantCulture, $"--request takes 1 to {ScoreRequest.MaxRequestLength} printable ASCII characters without spaces.")),
        { Status: ReadStatus.BadRequest, Field: "sequence" } => throw new UsageException("No score stands in that record. 'history REF' lists the records; those of kind ScoreComputed hold scores."),
        { Status: ReadStatus.Withheld } => throw new LedgerNotOpenedException("The champion gives no score for this file, so none is given out. 'model list' names it; register a version that covers every value."),
        _ => CitizenArgument.ValueOf(answer),
    };
}
