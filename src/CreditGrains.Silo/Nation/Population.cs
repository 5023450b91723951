using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.Nation;

/// <summary>A made-up nation as a source of entries: month by month, every citizen's month in turn.</summary>
/// <remarks>About two thirds live on a salary, one in twelve has a thin file, one borrower in ten is in arrears at some time. No clock is read.</remarks>
/// <param name="plan">What makes it.</param>
internal sealed class Population(NationPlan plan) : IEntrySource
{
    private readonly List<(string What, string Reference)> _examples = [];
    private long _lived;

    /// <inheritdoc/>
    public string Name => "simulate";

    /// <inheritdoc/>
    public double Done => (double)Interlocked.Read(ref _lived) / ((long)plan.Citizens * plan.Months);

    /// <summary>Gets citizens worth a look, each the first of its sort, once all entries have been read.</summary>
    public IReadOnlyList<(string What, string Reference)> Examples => _examples;

    /// <inheritdoc/>
    public void Prepare()
    {
        // Nothing can be missing: it is all drawn from the plan.
    }

    /// <inheritdoc/>
    public IEnumerable<PlacedEntry> Read(SubjectPseudonymizer pseudonymizer, IRowObserver rows)
    {
        var market = new Market(plan.Seed, plan.Months);
        var lives = new CitizenLife[plan.Citizens];
        for (var i = 0; i < lives.Length; i++) lives[i] = new(plan, market, i + 1, pseudonymizer);

        var line = 0L;
        for (var month = 0; month < plan.Months; month++)
        {
            foreach (var life in lives)
            {
                foreach (var entry in life.NextMonth())
                {
                    rows.RowRead();
                    yield return new(entry, new("the nation", ++line));
                }

                Interlocked.Increment(ref _lived);
            }
        }

        FindExamples(lives);
    }

    private void FindExamples(CitizenLife[] lives)
    {
        Add("ordinary", life => life is { Persona: Persona.Salaried, Tradelines: >= 2, WasLate: false, HasInvested: true });
        Add("thin", life => life.Persona == Persona.Thin);
        Add("arrears", life => life is { WasLate: true, WasChargedOff: false });
        Add("chargedOff", life => life.WasChargedOff);
        Add("coLent", life => life.HasSharedLoan);
        Add("moved", life => life.HasMoved);
        Add("linked", life => life.WasLinked);

        void Add(string what, Func<CitizenLife, bool> isOne)
        {
            if (Array.Find(lives, life => isOne(life)) is { } life) _examples.Add((what, FormattableString.Invariant($"{NationPlan.Scheme}:{life.Number}")));
        }
    }
}
