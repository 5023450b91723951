using System.Globalization;
using System.Security.Cryptography;

namespace CreditGrains.Silo.Imports.AmlSim;

/// <summary>Imports the payments of an AMLSim run: the file <c>transactions.csv</c>.</summary>
/// <remarks>
/// <para>Row r, from 1, becomes two entries: <see cref="EntryKind.PaymentMade"/> of the source under <c>FILEHASH/r/out</c> and
/// <see cref="EntryKind.PaymentReceived"/> of the target under <c>FILEHASH/r/in</c>. FILEHASH is the first 16 hexadecimal digits of
/// the file's SHA-256. So equal rows are different payments, the same file imported again is the same payments, and a node may pay
/// itself.</para>
/// <para>Citizens are <c>amlsim:NODE</c>, the furnisher is <c>amlsim</c>, money is US dollars in whole cents. The column
/// <c>time</c> counts days from 1, which is the start date.</para>
/// </remarks>
internal sealed class AmlSimImport : IEntrySource
{
    /// <summary>The scheme of the citizens' references, and the furnisher's name.</summary>
    public const string Scheme = "amlsim";

    private const int Source = 0, Target = 1, Value = 2, Time = 3;
    private const int HashDigits = 16;

    private static readonly FurnisherId Simulator = new(Scheme);
    private static readonly Currency Dollar = Currency.Of("USD");
    private static readonly string[] Columns = ["sourceNodeId", "targetNodeId", "value", "time"];

    private readonly string _folder;
    private readonly DateOnly _startsOn;
    private readonly Dictionary<long, CitizenId> _citizens = [];
    private string _path = "", _fileHash = "";
    private long _bytes = 1, _bytesRead;

    /// <summary>Makes an import.</summary>
    /// <param name="folder">The folder that holds <c>transactions.csv</c>.</param>
    /// <param name="startsOn">The day that the file calls 1.</param>
    public AmlSimImport(string folder, DateOnly startsOn) => (_folder, _startsOn) = (folder, startsOn);

    /// <inheritdoc/>
    public string Name => Scheme;

    /// <inheritdoc/>
    public double Done => Math.Min(1, (double)Volatile.Read(ref _bytesRead) / _bytes);

    /// <inheritdoc/>
    public void Prepare()
    {
        _path = InputFile.Find(_folder, "transactions.csv");
        using (DelimitedFile.Open(_path, ',', Columns)) { }
        using var file = InputFile.Open(_path);
        _bytes = Math.Max(1, file.Length);
        _fileHash = Convert.ToHexStringLower(SHA256.HashData(file))[..HashDigits];
    }

    /// <inheritdoc/>
    public IEnumerable<PlacedEntry> Read(SubjectPseudonymizer pseudonymizer, IRowObserver rows)
    {
        using var file = DelimitedFile.Open(_path, ',', Columns);
        for (var row = 1L; file.TryReadRow(out var fault); row++)
        {
            rows.RowRead();
            Volatile.Write(ref _bytesRead, file.BytesRead);
            var payment = default(Payment);
            fault ??= PaymentOf(file, out payment);
            if (fault is not null)
            {
                rows.RowRefused(file.Place, fault);
                continue;
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"{_fileHash}/{row}");
            yield return new(EntryOf(payment, EntryKind.PaymentMade, CitizenOf(payment.Source, pseudonymizer), name + "/out"), file.Place);
            yield return new(EntryOf(payment, EntryKind.PaymentReceived, CitizenOf(payment.Target, pseudonymizer), name + "/in"), file.Place);
        }
    }

    private readonly record struct Payment(long Source, long Target, long MinorUnits, DateOnly Day);

    private RowFault? PaymentOf(DelimitedFile file, out Payment payment)
    {
        payment = default;
        if (FieldText.Number(file.Field(Source), out var source) is { } from) return Fault(file, from, Source);
        if (FieldText.Number(file.Field(Target), out var target) is { } to) return Fault(file, to, Target);
        if (FieldText.Amount(file.Field(Value), Dollar, out var cents) is { } value) return Fault(file, value, Value);
        if (FieldText.Number(file.Field(Time), out var time) is { } when) return Fault(file, when, Time);
        if (time < 1 || time - 1 > DateOnly.MaxValue.DayNumber - _startsOn.DayNumber) return Fault(file, RowFaultCode.DateOutOfRange, Time);

        payment = new(source, target, cents, _startsOn.AddDays((int)(time - 1)));
        return null;
    }

    private static Entry EntryOf(Payment payment, EntryKind kind, CitizenId citizen, string reference) => new()
    {
        Citizen = citizen,
        Kind = kind,
        Furnisher = Simulator,
        Reference = reference,
        OccurredOn = payment.Day,
        Money = new(payment.MinorUnits, Dollar),
    };

    private CitizenId CitizenOf(long node, SubjectPseudonymizer pseudonymizer)
    {
        if (!_citizens.TryGetValue(node, out var citizen))
            _citizens[node] = citizen = pseudonymizer.Pseudonym(Scheme, node.ToString(CultureInfo.InvariantCulture));
        return citizen;
    }

    private static RowFault Fault(DelimitedFile file, RowFaultCode code, int column) => RowFault.Of(code, file.NameOf(column));
}
