using System.Diagnostics;
using System.Globalization;
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
        var table = SharedData.Table("german", "germancredit.csv");

        var started = Stopwatch.GetTimestamp();
        var fitted = Assert.IsType<FitOutcome.Fitted>(Fit.Run(table, Options, cancellation: TestContext.Current.CancellationToken)).Result;
        var all = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        Fit.Run(table, Options with { Split = new Split.ById() }, cancellation: TestContext.Current.CancellationToken);
        var one = Stopwatch.GetElapsedTime(started);

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{fitted.Folds}\n101 fits {all.TotalSeconds:F2} s, one {one.TotalMilliseconds:F0} ms; together {fitted.HeldBack.Auc:F4} {fitted.HeldBack.AucInterval}"));
        foreach (var characteristic in fitted.Scorecard.Characteristics)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{characteristic.Column}: IV {characteristic.InformationValue:F3}, coefficient {characteristic.Coefficient:F2} ± {characteristic.StandardError:F2}, {characteristic.Bins.Length} bins"));
        }

        foreach (var dropped in fitted.Dropped) output.WriteLine(dropped.ToString());

        Assert.Equal(100, fitted.Folds!.Fits);
        Assert.True(fitted.Folds.Auc.Mean >= 0.76, $"mean AUC {fitted.Folds.Auc.Mean}");
        Assert.DoesNotContain(fitted.Scorecard.Characteristics, characteristic => Options.Exclude.Contains(characteristic.Column));
    }
}
