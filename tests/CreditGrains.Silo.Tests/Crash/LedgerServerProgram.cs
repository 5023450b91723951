using System.Globalization;
using System.Text.Json;
using CreditGrains.Client;
using CreditGrains.Silo.CommandLine;
using CreditGrains.Silo.Hosting;

namespace CreditGrains.Silo.Tests.Crash;

/// <summary>A ledger served by a process of its own, and a client of it in this one.</summary>
internal sealed class LedgerServerProgram : IAsyncDisposable
{
    private readonly RemoteLedger _ledger;

    private LedgerServerProgram(LedgerProgram program, RemoteLedger ledger) => (Program, _ledger) = (program, ledger);

    internal LedgerProgram Program { get; }

    internal ILedgerClient Client => _ledger.Client;

    /// <summary>Serves a folder, and connects when the server says that it is ready.</summary>
    internal static async Task<LedgerServerProgram> StartAsync(TempFolder temp, string data)
    {
        var config = temp.Write("silo.json", """{ "newLedger": { "partitions": 8 } }""");
        var port = FreePort.Next();
        var program = LedgerProgram.Start(
            "serve", "--data", data, "--json", "--development-plain-text", "--config", config,
            "--silo-port", FreePort.Next().ToString(CultureInfo.InvariantCulture), "--gateway-port", port.ToString(CultureInfo.InvariantCulture));
        var ready = await program.FirstLine;
        if (ready.Length == 0) Assert.Fail((await program.EndAsync()).Error);
        Assert.True(JsonDocument.Parse(ready).RootElement.GetProperty("ready").GetBoolean());
        var ledger = await RemoteLedger.ConnectAsync(
            new LedgerLocation.Endpoint("127.0.0.1", port, Path.Combine(data, "pseudonym.key"), IsPlainText: true), new SiloSettings().Cluster, namesCitizens: true, TestContext.Current.CancellationToken);
        return new(program, ledger);
    }

    /// <summary>Leaves, then asks the server to stop.</summary>
    internal async Task<Ended> StopAsync(string signal = "TERM")
    {
        await _ledger.DisposeAsync();
        await Program.SignalAsync(signal);
        return await Program.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        Program.Dispose();
    }
}
