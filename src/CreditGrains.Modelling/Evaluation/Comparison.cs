namespace CreditGrains.Modelling;

/// <summary>Who would be approved by one score and not by another, if both approve as many.</summary>
/// <param name="Approved">How many each approves: those with the highest scores, among equal ones the earlier rows.</param>
/// <param name="BadsOfChampion">Bads among those whom the champion approves.</param>
/// <param name="BadsOfChallenger">Bads among those whom the challenger approves.</param>
/// <param name="Swapped">How many each approves and the other does not.</param>
/// <param name="SwappedOutBads">Bads among those whom the champion alone approves.</param>
/// <param name="SwappedInBads">Bads among those whom the challenger alone approves.</param>
public sealed record SwapSet(int Approved, int BadsOfChampion, int BadsOfChallenger, int Swapped, int SwappedOutBads, int SwappedInBads)
{
    /// <summary>Gets the bad rate of those whom the champion alone approves, 0 to 1; null if there are none.</summary>
    public double? SwappedOutBadRate => Swapped == 0 ? null : (double)SwappedOutBads / Swapped;

    /// <summary>Gets the bad rate of those whom the challenger alone approves, 0 to 1; null if there are none. It is better if lower.</summary>
    public double? SwappedInBadRate => Swapped == 0 ? null : (double)SwappedInBads / Swapped;
}

/// <summary>Two scores of the same rows side by side.</summary>
/// <param name="ChampionAuc">AUC of the one that decides now.</param>
/// <param name="ChallengerAuc">AUC of the one that would.</param>
/// <param name="Difference">Challenger less champion.</param>
/// <param name="DifferenceInterval">Its interval, from drawing rows and scoring them by both; null if none was asked for. If it holds 0 the two may be equally good.</param>
/// <param name="SwapSet">At the approval rate asked for.</param>
public sealed record Comparison(
    double ChampionAuc, double ChallengerAuc, double Difference, ConfidenceInterval? DifferenceInterval, SwapSet SwapSet)
{
    /// <summary>Compares.</summary>
    /// <param name="champion">The score of each row by the one that decides now; higher is better.</param>
    /// <param name="challenger">The score of the same row by the other. The scales may differ: only order counts.</param>
    /// <param name="bad">The outcome of each row.</param>
    /// <param name="approvalRate">What share of rows is approved, 0 to 1; rounded down to whole rows.</param>
    /// <param name="bootstrap">How the interval is found.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Null if all rows have the same outcome.</returns>
    /// <exception cref="ArgumentException">The three differ in length, a score is NaN, or an option is out of its range.</exception>
    public static Comparison? Of(
        ReadOnlySpan<double> champion,
        ReadOnlySpan<double> challenger,
        ReadOnlySpan<bool> bad,
        double approvalRate,
        BootstrapOptions bootstrap,
        CancellationToken cancellation = default)
    {
        if (approvalRate is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(approvalRate), "An approval rate is from 0 to 1.");
        if (bootstrap.Fault() is { } fault) throw new ArgumentException(fault, nameof(bootstrap));
        RankGroups ofChampion = new(champion, bad), ofChallenger = new(challenger, bad);
        if (!ofChampion.HasBothOutcomes) return null;

        var championAuc = RankGroups.Auc(ofChampion.Goods, ofChampion.Bads);
        var challengerAuc = RankGroups.Auc(ofChallenger.Goods, ofChallenger.Bads);
        return new(
            championAuc,
            challengerAuc,
            challengerAuc - championAuc,
            Bootstrap.OfDifference(ofChallenger, ofChampion, bad, bootstrap, cancellation),
            Swap(champion, challenger, bad, (int)((approvalRate * bad.Length) + 1e-9))); // 0.29 of 100 is 29, which the product misses by a hair
    }

    private static SwapSet Swap(ReadOnlySpan<double> champion, ReadOnlySpan<double> challenger, ReadOnlySpan<bool> bad, int approved)
    {
        bool[] byChampion = Approved(champion, approved), byChallenger = Approved(challenger, approved);
        int championBads = 0, challengerBads = 0, swapped = 0, outBads = 0, inBads = 0;
        for (var row = 0; row < bad.Length; row++)
        {
            if (byChampion[row] && !byChallenger[row]) swapped++;
            if (!bad[row]) continue;
            championBads += byChampion[row] ? 1 : 0;
            challengerBads += byChallenger[row] ? 1 : 0;
            outBads += byChampion[row] && !byChallenger[row] ? 1 : 0;
            inBads += byChallenger[row] && !byChampion[row] ? 1 : 0;
        }

        return new(approved, championBads, challengerBads, swapped, outBads, inBads);
    }

    private static bool[] Approved(ReadOnlySpan<double> scores, int count)
    {
        var values = scores.ToArray();
        var isApproved = new bool[values.Length];
        foreach (var row in Enumerable.Range(0, values.Length).OrderByDescending(row => values[row]).Take(count)) isApproved[row] = true;
        return isApproved;
    }
}
