namespace CreditGrains.Silo.Nation;

/// <summary>What the authorities say: where the citizen lives and moves to, and for a few a guarantee, a judgment, a second id.</summary>
internal sealed class CivilLife : ILifePart
{
    private static readonly string[] Provinces = ["anhe", "beishan", "dongjiang", "hailing", "nanhu", "qinglin", "xiyuan", "zhongzhou"];

    private readonly RandomStream _random;
    private readonly int _birthYear, _startsIn;
    private readonly int? _guaranteeIn, _recordIn;
    private string _province;

    /// <summary>Makes a civil life.</summary>
    /// <param name="random">The citizen's stream.</param>
    /// <param name="oldest">The earliest year of birth.</param>
    /// <param name="youngest">The latest.</param>
    /// <param name="startsIn">The month of the nation in which the citizen is first heard of.</param>
    /// <param name="months">How many months the nation lives.</param>
    public CivilLife(RandomStream random, int oldest, int youngest, int startsIn, int months)
    {
        (_random, _startsIn) = (random, startsIn);
        _birthYear = (int)random.Between(oldest, youngest);
        _province = random.Pick(Provinces);
        _guaranteeIn = random.Chance(15) ? (int)random.Between(startsIn, months - 1) : null;
        _recordIn = random.Chance(10) ? (int)random.Between(startsIn, months - 1) : null;
    }

    /// <summary>Gets whether the citizen moved to another province.</summary>
    public bool HasMoved { get; private set; }

    /// <inheritdoc/>
    public void Live(MonthBook month)
    {
        if (month.Index < _startsIn) return;
        if (month.Index == _startsIn) Register(month, month.First);
        else if (_random.Chance(3)) Move(month);
        if (month.Index == _guaranteeIn) month.Add(EntryKind.GuaranteeGiven, _random.Pick(Furnishers.Banks), month.Day(12), _random.Between(50, 2_000) * 10_000);
        if (month.Index == _recordIn) Record(month);
    }

    private void Move(MonthBook month)
    {
        HasMoved = true;
        var old = Array.IndexOf(Provinces, _province);
        _province = Provinces[(old + (int)_random.Between(1, Provinces.Length - 1)) % Provinces.Length];
        Register(month, month.Day(_random.Between(1, 28)));
    }

    private void Register(MonthBook month, DateOnly day) =>
        month.Change(month.Add(EntryKind.ProfileReported, Furnishers.Registry, day) with
        {
            LawfulBasis = LawfulBasis.LegalDuty,
            Detail = new CitizenProfile { Province = _province, BirthYear = _birthYear },
        });

    private void Record(MonthBook month)
    {
        var type = _random.Pick(PublicRecordType.Judgment, PublicRecordType.Judgment, PublicRecordType.TaxArrears,
            PublicRecordType.AdministrativePenalty, PublicRecordType.Enforcement, PublicRecordType.Bankruptcy);
        month.Change(month.Add(EntryKind.PublicRecordReported, Furnishers.Court, month.Day(18)) with
        {
            LawfulBasis = type is PublicRecordType.TaxArrears or PublicRecordType.AdministrativePenalty ? LawfulBasis.PublicTask : LawfulBasis.Court,
            RetentionClass = type == PublicRecordType.Bankruptcy ? RetentionClass.LongAdverse : RetentionClass.Adverse,
            Detail = new PublicRecord { Type = type },
        });
    }
}
