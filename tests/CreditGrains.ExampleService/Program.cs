// Records a made-up citizen's month into a running ledger and reads it back. With the packages in FOLDER:
//
//   dotnet pack src/CreditGrains.Contracts -o FOLDER
//   dotnet pack src/CreditGrains.Client -o FOLDER
//   creditgrains dev-certs certificates
//   creditgrains serve --data ledger --config certificates/silo.json &
//   dotnet run --project tests/CreditGrains.ExampleService -p:RestoreAdditionalProjectSources=FOLDER -- --gateway 127.0.0.1:30000 --key ledger/pseudonym.key --certificates certificates

using System.Net;
using CreditGrains;
using CreditGrains.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var gateway = IPEndPoint.Parse(builder.Configuration["gateway"] ?? "127.0.0.1:30000");
var certificates = builder.Configuration["certificates"] ?? "certificates";
var key = Convert.FromHexString(File.ReadAllText(builder.Configuration["key"] ?? "ledger/pseudonym.key").Trim());

// README
builder.Services.AddOrleansClient(client => client
    .UseCreditGrainsGateways(gateway) // any silo that is up; the cluster tells of the others, and of those that come and go
    .UseCreditGrainsTls(tls =>
    {
        tls.AuthorityFile = Path.Combine(certificates, "authority.pem");
        tls.CertificateFile = Path.Combine(certificates, "caller.pem");
        tls.KeyFile = Path.Combine(certificates, "caller.key");
    })
    .Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = "creditgrains"));
builder.Services.AddCreditGrainsClient();
using var host = builder.Build();
await host.StartAsync();

var ledger = host.Services.GetRequiredService<ILedgerClient>();
using var pseudonymizer = new SubjectPseudonymizer(key);
var citizen = pseudonymizer.Pseudonym("example", "4711");

// Retried under the same references until the ledger has taken them; one outcome an entry, in their order.
await foreach (var outcome in ledger.RecordManyAsync(January(citizen).ToAsyncEnumerable()))
    Console.WriteLine($"{outcome.Status} {outcome.Refusal}".TrimEnd());

var answer = await ledger.ReadFileAsync(citizen, new FileRequest(AsOf: new(2026, 1, 31)));
if (answer is { Status: ReadStatus.Answered, Value: { } file })
{
    foreach (var kind in file.Totals)
        Console.WriteLine($"{kind.Kind}: {kind[Window.Days30].Count} in 30 days, {kind[Window.Lifetime].Count} in all");
}
// README end

// Sent again, as after a crash or a lost answer: the ledger knows the reference and counts nothing twice.
var rent = January(citizen).First(entry => entry.Category == "rent");
Console.WriteLine($"again: {(await ledger.RecordAsync(rent)).Status}");

// The same reference with another amount is another fact under a name that is taken.
var changed = await ledger.RecordAsync(rent with { Money = new(1, Currency.Of("CZK")) });
Console.WriteLine($"changed: {changed.Status} {changed.Refusal}");

// To take a fact back, say so in a fact of its own.
var reversal = await ledger.RecordAsync(new Entry
{
    Citizen = citizen,
    Kind = EntryKind.EntryReversed,
    Furnisher = rent.Furnisher,
    Reference = "2026-01-rent-reversed",
    OccurredOn = new(2026, 1, 12),
    Corrects = new(rent.Furnisher, rent.Reference),
});
Console.WriteLine($"reversed: {reversal.Status}");

await foreach (var accepted in ledger.ReadHistoryAsync(citizen))
    Console.WriteLine($"history: {accepted.Entry?.OccurredOn:yyyy-MM-dd} {accepted.Entry?.Kind} {accepted.Entry?.Money}".TrimEnd());

var totals = await ledger.ReadTotalsAsync();
Console.WriteLine($"ledger: {totals.Entries} entries of {totals.Citizens} citizens");
await host.StopAsync();

static IEnumerable<Entry> January(CitizenId citizen)
{
    var bank = new FurnisherId("example-bank");
    yield return Payment("2026-01-salary", EntryKind.PaymentReceived, 5, 41_300_00, "salary");
    yield return Payment("2026-01-rent", EntryKind.PaymentMade, 10, 14_500_00, "rent");
    yield return Payment("2026-01-power", EntryKind.PaymentMade, 20, 1_890_50, "power");
    yield return Payment("2026-01-loan", EntryKind.LoanOpened, 21, 120_000_00, null) with
    {
        Tradeline = new("loan-1"),
        Detail = new LoanTerms { TermMonths = 24, InstalmentMinorUnits = 5_400_00 },
    };

    Entry Payment(string reference, EntryKind kind, int day, long hellers, string? category) => new()
    {
        Citizen = citizen,
        Kind = kind,
        Furnisher = bank,
        Reference = reference,
        OccurredOn = new(2026, 1, day),
        Money = new(hellers, Currency.Of("CZK")),
        Category = category,
    };
}
