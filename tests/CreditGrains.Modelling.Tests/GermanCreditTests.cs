using System.Diagnostics;
using Xunit;

namespace CreditGrains.Modelling.Tests;

/// <summary>The one thousand loans of a German bank (Hofmann, 1994), without what no lender may ask for.</summary>
public sealed class GermanCreditTests(ITestOutputHelper output)
{
    private static readonly FitOptions Options = new()
    {
        Target = "creditability",
        BadValue = "bad",
        Exclude = ["personal_status_and_sex", "age_in_years", "foreign_worker"],
        Split = new Split.Folds(5, 20),
    };

    [Fact]
    public void A_hundred_fits_rank_rows_that_they_have_not_seen()
    {
        var table = DataFile.Table("german", "germancredit.csv");

        var started = Stopwatch.GetTimestamp();
        var fitted = Assert.IsType<FitOutcome.Fitted>(Fit.Run(table, Options, cancellation: TestContext.Current.CancellationToken)).Result;
        var all = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        Fit.Run(table, Options with { Split = new Split.ById() }, cancellation: TestContext.Current.CancellationToken);
        var one = Stopwatch.GetElapsedTime(started);

        output.WriteLine($"{fitted.Folds}\n101 fits took {all}, one alone {one}; all folds of the first seed together: {fitted.HeldBack.Auc} {fitted.HeldBack.AucInterval}");
        foreach (var kept in fitted.Scorecard.Characteristics) output.WriteLine($"{kept.Column}: {kept.InformationValue}, {kept.Coefficient} ± {kept.StandardError}");
        foreach (var dropped in fitted.Dropped) output.WriteLine($"{dropped.Column}: {dropped.InformationValue}, {dropped.Reason}");

        Assert.Equal(100, fitted.Folds!.Fits);
        Assert.True(fitted.Folds.Auc.Mean >= 0.76, $"mean AUC {fitted.Folds.Auc.Mean}");
        Assert.DoesNotContain(fitted.Scorecard.Characteristics, characteristic => Options.Exclude.Contains(characteristic.Column));
    }
}
