using System.Globalization;
using CreditGrains.Client;
using CreditGrains.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace CreditGrains.Cluster.Tests;

/// <summary>Scores through grains: recorded before they are answered, repeatable ever after; and the models that give them.</summary>
public sealed class ScoringTests : IAsyncLifetime
{
    private LedgerCluster _ledger = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IModelRegister Models => _ledger.Orleans.Client.ServiceProvider.GetRequiredService<IModelRegister>();

    public async ValueTask InitializeAsync() => _ledger = await LedgerCluster.StartAsync(silos: 2, options: new(), ownClock: true);

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task A_score_stands_in_the_history_and_is_the_same_whenever_it_is_repeated()
    {
        var citizen = Made.Citizen(3, 901);
        await PayAsync(citizen, 1, 12);

        var score = await ScoreAsync(citizen, "first");

        Assert.Equal((Coverage.Thin, new ModelVersion(ModelNames.ThinFile, 1)), (score.Coverage, score.Model));
        Assert.InRange(score.Score!.Value, 300, 850);
        Assert.InRange(score.Reasons.Length, 1, 4);
        Assert.Equal(score.Reasons.OrderByDescending(reason => reason.Points).Select(reason => reason.Code), score.Reasons.Select(reason => reason.Code));
        var recorded = Assert.Single(await _ledger.HistoryAsync(citizen), entry => entry.Entry!.Kind == EntryKind.ScoreComputed);
        Assert.Equal(score.Sequence, recorded.Sequence);
        var detail = Assert.IsType<ScoreDetail>(recorded.Entry!.Detail);
        Assert.Equal((score.Score.Value, score.InputsDigest), (detail.Score, detail.InputsDigest.ToString("x32", CultureInfo.InvariantCulture)));

        // What comes later changes a new score and not the old one; the same request is answered with the old one.
        await PayAsync(citizen, 100, 60);
        var replay = (await _ledger.Client.ReplayScoreAsync(citizen, score.Sequence, Cancellation)).Value!;
        Assert.True(replay.IsSame);
        Assert.Equal(Flat(score), Flat(replay.Recorded));
        Assert.Equal(Flat(score), Flat(await ScoreAsync(citizen, "first")));
        Assert.NotEqual(score.InputsDigest, (await ScoreAsync(citizen, "second")).InputsDigest);
        await _ledger.Orleans.DeactivateAsync(_ledger.Grain(citizen));
        Assert.True((await _ledger.Client.ReplayScoreAsync(citizen, score.Sequence, Cancellation)).Value!.IsSame);
        Assert.Equal(72, (await _ledger.FileAsync(citizen)).Entries); // a score is no entry of the file
        await _ledger.AssertSound();
    }

    [Fact]
    public async Task It_is_not_answered_before_it_is_durable_nor_if_it_never_is()
    {
        var citizen = Made.Citizen(4, 902);
        await PayAsync(citizen, 1, 3);
        var held = _ledger.StoreOf(citizen).Next(Fault.Hold);
        var scoring = _ledger.Grain(citizen).Score(new(Purposes.LoanApproval, "held")).AsTask();
        await held.Reached;
        Assert.False(scoring.IsCompleted);
        held.Release();
        Assert.Equal(ReadStatus.Answered, (await scoring).Status);

        _ledger.StoreOf(citizen).Next(Fault.Refuse);
        Assert.Equal(ReadStatus.Unavailable, (await _ledger.Grain(citizen).Score(new(Purposes.LoanApproval, "refused"))).Status);
        Assert.Single(await _ledger.HistoryAsync(citizen), entry => entry.Entry!.Kind == EntryKind.ScoreComputed);
        Assert.Equal(ReadStatus.Answered, (await _ledger.Grain(citizen).Score(new(Purposes.LoanApproval, "refused"))).Status);
    }

    [Fact]
    public async Task How_much_of_a_file_there_is_chooses_the_model()
    {
        var (nobody, borrower) = (Made.Citizen(5, 903), Made.Citizen(6, 904));
        var empty = await ScoreAsync(nobody, "a");
        Assert.Equal((Coverage.NoFile, null, null), (empty.Coverage, empty.Score, empty.Model));
        Assert.Empty(empty.Reasons);
        Assert.True((await _ledger.Client.ReplayScoreAsync(nobody, empty.Sequence, Cancellation)).Value!.IsSame);

        await PayAsync(borrower, 1, 12);
        var opened = Made.Payment(borrower, "loan") with
        {
            Kind = EntryKind.LoanOpened,
            OccurredOn = Made.Day.AddDays(-400),
            Tradeline = new("loan-1"),
            Detail = new LoanTerms { Portfolio = PortfolioType.Instalment, TermMonths = 24, InstalmentMinorUnits = 10 },
        };
        Assert.Equal(RecordStatus.Recorded, (await _ledger.Client.RecordAsync(opened, Cancellation)).Status);
        var full = await ScoreAsync(borrower, "a");
        Assert.Equal((Coverage.Scorable, new ModelVersion(ModelNames.Standard, 1)), (full.Coverage, full.Model));
    }

    [Fact]
    public async Task Bad_requests_are_refused_by_their_field_and_leave_nothing()
    {
        var citizen = Made.Citizen(7, 905);
        await PayAsync(citizen, 1, 3);

        Assert.Equal("purpose", (await _ledger.Client.ScoreAsync(citizen, new("CURIOSITY", "r"), Cancellation)).Field);
        Assert.Equal("purpose", (await _ledger.Client.ScoreAsync(citizen, new(Purposes.ModelDevelopment, "r"), Cancellation)).Field);
        Assert.Equal("request", (await _ledger.Client.ScoreAsync(citizen, new(Purposes.Self, "two words"), Cancellation)).Field);
        Assert.Equal("request", (await _ledger.Client.ScoreAsync(citizen, new(Purposes.Self, new string('r', 65)), Cancellation)).Field);
        Assert.Equal("asOf", (await _ledger.Client.ScoreAsync(citizen, new(Purposes.Self, "r", new DateOnly(2025, 6, 2)), Cancellation)).Field);
        Assert.Equal("sequence", (await _ledger.Client.ReplayScoreAsync(citizen, 1, Cancellation)).Field);
        Assert.Equal("sequence", (await _ledger.Client.ReplayScoreAsync(citizen, 99, Cancellation)).Field);
        Assert.DoesNotContain(await _ledger.HistoryAsync(citizen), entry => entry.Entry!.Kind == EntryKind.ScoreComputed);

        // Nobody furnishes a score.
        var forged = Made.Payment(citizen, "forged") with { Kind = EntryKind.ScoreComputed, Money = null, Detail = new ScoreDetail { Score = 850 } };
        Assert.Equal(RecordRefusal.KindNotFurnishable, (await _ledger.Client.RecordAsync(forged, Cancellation)).Refusal);
    }

    [Fact]
    public async Task Many_scores_at_once_each_stand_in_a_record_of_their_own()
    {
        var citizen = Made.Citizen(8, 906);
        await PayAsync(citizen, 1, 3);

        var paying = PayAsync(citizen, 10, 50);
        var scores = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => ScoreAsync(citizen, $"r{number / 2}")));
        await paying;

        // Every request came twice.
        Assert.Equal(20, scores.Select(score => score.Sequence).Distinct().Count());
        foreach (var twice in scores.GroupBy(score => score.Sequence)) Assert.Equal(2, twice.Count());
        foreach (var score in scores) Assert.True((await _ledger.Client.ReplayScoreAsync(citizen, score.Sequence, Cancellation)).Value!.IsSame);
        await _ledger.AssertSound();
    }

    [Fact]
    public async Task An_alias_has_the_score_of_its_principal()
    {
        var (principal, alias) = (Made.Citizen(9, 907), Made.Citizen(10, 908));
        await PayAsync(principal, 1, 3);
        await PayAsync(alias, 1, 9);
        var before = await ScoreAsync(alias, "before");
        await _ledger.Client.RecordAsync(Made.Link(principal, alias, "link"), Cancellation);

        var both = await ScoreAsync(alias, "both");

        Assert.Equal((alias, principal), (before.Citizen, both.Citizen));
        Assert.Equal(both.InputsDigest, (await ScoreAsync(principal, "other")).InputsDigest);
        Assert.Equal(Flat(both), Flat((await _ledger.Client.ReplayScoreAsync(alias, both.Sequence, Cancellation)).Value!.Recorded));
        Assert.True((await _ledger.Client.ReplayScoreAsync(principal, both.Sequence, Cancellation)).Value!.IsSame);
    }

    [Fact]
    public async Task A_new_version_decides_after_two_persons_and_the_old_one_repeats_its_scores()
    {
        var citizen = Made.Citizen(11, 909);
        await PayAsync(citizen, 1, 12);
        var old = await ScoreAsync(citizen, "old");

        var document = ScorecardJson.Write(ShippedModels.ThinFile with { InitialPoints = ShippedModels.ThinFile.InitialPoints + 10 });
        var second = (await Models.RegisterAsync(ModelNames.ThinFile, document, "ada", Cancellation)).Info!.Version;
        Assert.Equal(new ModelVersion(ModelNames.ThinFile, 2), second);
        Assert.Equal(ModelRefusal.AlreadyRegistered, (await Models.RegisterAsync(ModelNames.ThinFile, document, "ada", Cancellation)).Refusal);
        Assert.Equal(ModelRefusal.MoveNotAllowed, (await Models.ProposeAsync(second, ModelState.Champion, "ben", Cancellation)).Refusal);
        Assert.Equal(ModelRefusal.NotProposed, (await Models.ApproveAsync(second, ModelState.Challenger, "cleo", Cancellation)).Refusal);
        await Models.ProposeAsync(second, ModelState.Challenger, "ben", Cancellation);
        Assert.Equal(ModelRefusal.SamePerson, (await Models.ApproveAsync(second, ModelState.Challenger, "ben", Cancellation)).Refusal);
        Assert.Equal(ModelRefusal.SamePerson, (await Models.ApproveAsync(second, ModelState.Challenger, "ada", Cancellation)).Refusal);
        Assert.Equal(ModelState.Challenger, (await Models.ApproveAsync(second, ModelState.Challenger, "cleo", Cancellation)).Info!.State);

        // The challenger is computed and recorded beside the champion, which decides.
        _ledger.Clock!.Advance(TimeSpan.FromSeconds(31));
        var between = await ScoreAsync(citizen, "between");
        Assert.Equal((old.Score, old.Model), (between.Score, between.Model));
        var detail = (ScoreDetail)(await _ledger.HistoryAsync(citizen)).Single(entry => entry.Sequence == between.Sequence).Entry!.Detail!;
        Assert.Equal((2, detail.Points + 10), (detail.ChallengerVersion, detail.ChallengerPoints));

        await Models.ProposeAsync(second, ModelState.Champion, "ada", Cancellation);
        await Models.ApproveAsync(second, ModelState.Champion, "ben", Cancellation);
        _ledger.Clock.Advance(TimeSpan.FromSeconds(31));
        var now = await ScoreAsync(citizen, "now");
        Assert.Equal((second, old.Score + 10), (now.Model!.Value, now.Score));
        Assert.True((await _ledger.Client.ReplayScoreAsync(citizen, old.Sequence, Cancellation)).Value!.IsSame);
        Assert.Equal(
            [(ModelNames.Standard, 1, ModelState.Champion), (ModelNames.ThinFile, 1, ModelState.Retired), (ModelNames.ThinFile, 2, ModelState.Champion)],
            (await Models.ListAsync(Cancellation)).Value!.Models.Select(info => (info.Version.Model, info.Version.Version, info.State)));
        Assert.Equal(document, (await Models.ReadAsync(second, Cancellation)).Value!.Text);
        Assert.Equal("version", (await Models.ReadAsync(new("thin-file", 3), Cancellation)).Field);
        await _ledger.AssertSound();
    }

    private async Task<ScoreReport> ScoreAsync(CitizenId citizen, string request)
    {
        var answer = await _ledger.Client.ScoreAsync(citizen, new(Purposes.LoanApproval, request), Cancellation);
        Assert.Equal(ReadStatus.Answered, answer.Status);
        return answer.Value!;
    }

    private async Task PayAsync(CitizenId citizen, int first, int count)
    {
        foreach (var number in Enumerable.Range(first, count))
        {
            var payment = Made.Payment(citizen, number) with { Kind = number % 2 == 0 ? EntryKind.PaymentMade : EntryKind.PaymentReceived };
            Assert.Equal(RecordStatus.Recorded, (await _ledger.Client.RecordAsync(payment, Cancellation)).Status);
        }
    }

    /// <summary>All of a report, to compare by.</summary>
    private static string Flat(ScoreReport score) => string.Join('|', score with { Reasons = [] }, score.Sequence, score.Score, score.Band, score.MostHelpful, score.InputsDigest, score.KnownAt, string.Join(',', score.Reasons));
}
