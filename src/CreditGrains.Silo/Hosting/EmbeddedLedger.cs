using CreditGrains.Client;
using CreditGrains.Silo.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CreditGrains.Silo.Hosting;

/// <summary>A ledger in a folder, served by a silo inside this process for as long as a command runs.</summary>
internal sealed class EmbeddedLedger : OpenLedger
{
    private readonly LedgerStore _store;
    private readonly IHost _host;

    private EmbeddedLedger(LedgerStore store, IHost host)
    {
        _store = store;
        _host = host;
    }

    public override ILedgerClient Client => _host.Services.GetRequiredService<ILedgerClient>();

    public override IClusterReports Cluster => _host.Services.GetRequiredService<IClusterReports>();

    public override IModelRegister Models => _host.Services.GetRequiredService<IModelRegister>();

    public override SubjectPseudonymizer Pseudonymizer => _store.Pseudonymizer;

    internal static async Task<EmbeddedLedger> StartAsync(string path, SiloSettings settings, bool create, CancellationToken cancellation)
    {
        var store = await LedgerStore.OpenAsync(path, settings, create, cancellation);
        try
        {
            var host = SiloHost.Embedded(settings, store.Ledger, store.Store, store.Keys);
            await host.StartAsync(cancellation);
            return new(store, host);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public override Task<AuditSummary> VerifyAsync(IProgress<AuditProgress>? progress, CancellationToken cancellation) =>
        StoreAudit.RunAsync(_store, progress, cancellation);

    public override async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        else _host.Dispose();
        await _store.DisposeAsync();
    }
}
