using System.Diagnostics;
using System.Globalization;
using CreditGrains.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CreditGrains.Chaos;

/// <summary>A cluster of real processes under load, while something happens to it; then all that is left of it is looked at.</summary>
public static class ChaosRun
{
    private const int WarmUpRounds = 3;
    private const string Cluster = "local";

    /// <summary>Runs a scenario.</summary>
    /// <param name="program">The program to run as silos; null builds it.</param>
    /// <param name="options">Which, over which store.</param>
    /// <param name="log">Where to say what is being done.</param>
    /// <exception cref="InvalidOperationException">A process could not be started or stopped, or a sound entry was refused.</exception>
    public static async Task<ChaosReport> RunAsync(string? program, ChaosOptions options, TextWriter log)
    {
        await using var cluster = await LocalCluster.UpAsync(program, options.Store, options.Silos, options.Scenario == Scenario.StoreRestart, log);
        using var host = Client(cluster);
        await host.StartAsync();
        var ledger = host.Services.GetRequiredService<ILedgerClient>();

        var load = new Load(ledger, options, log);
        var started = Stopwatch.GetTimestamp();
        var loading = load.StartAsync();
        var happening = HappenAsync(cluster, load, options, log);

        // What a caller cannot bear ends the run at once.
        await await Task.WhenAny(loading, happening);
        await await Task.WhenAny(loading, load.ReachedAsync(options.Entries));
        load.Stop();
        await loading;
        var elapsed = Stopwatch.GetElapsedTime(started);

        var held = await Held.CountAsync(ledger, load.Witnesses);
        var totals = await ledger.ReadTotalsAsync();
        await host.StopAsync();
        await cluster.DrainAllAsync();
        return new(
            NameOf(options.Scenario), options.Store, options.Seed, load.Acknowledged, held.Lost, held.Duplicated, load.Stale,
            held.IsSumOf(totals), await cluster.VerifyAsync(), load.Failed, (long)load.LongestWait.TotalMilliseconds, elapsed.TotalSeconds);
    }

    /// <summary>Gives a scenario's name as the command line has it.</summary>
    /// <param name="scenario">The scenario.</param>
    public static string NameOf(Scenario scenario) => scenario switch
    {
        Scenario.StoreFreeze => "store-freeze",
        Scenario.StoreRestart => "store-restart",
        Scenario.CertificateChange => "certificate-change",
        _ => scenario.ToString().ToLowerInvariant(),
    };

    private static async Task HappenAsync(LocalCluster cluster, Load load, ChaosOptions options, TextWriter log)
    {
        for (var round = 0; round < WarmUpRounds; round++) await load.AllAnswerAsync();
        load.WarmedUp();
        var random = new Random(options.Seed);
        var times = options.Scenario == Scenario.Kill ? options.Kills : 1;
        for (var time = 0; time < times; time++)
        {
            // Somewhere in its share of the run, so that there is load before, amid and after.
            var share = options.Entries / (times + 1);
            await load.ReachedAsync(Math.Max(load.Acknowledged, time * share) + (share / 4) + random.Next(share / 2));
            var silo = 1 + random.Next(options.Silos);
            await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {NameOf(options.Scenario)} after {load.Acknowledged:N0} entries"));
            await HappenAsync(cluster, load, options, silo);
        }
    }

    private static async Task HappenAsync(LocalCluster cluster, Load load, ChaosOptions options, int silo)
    {
        var number = silo.ToString(CultureInfo.InvariantCulture);
        switch (options.Scenario)
        {
            case Scenario.Kill:
                await cluster.DoAsync("kill", number);
                await load.AllAnswerAsync();
                await cluster.DoAsync("start", number);
                break;

            case Scenario.Freeze:
                await cluster.DoAsync("freeze", number);
                await load.AllAnswerAsync();
                await cluster.DoAsync("thaw", number);

                // The others have declared it dead, which it learns now; whoever watches over it starts it again.
                await cluster.EndedAsync(silo);
                await cluster.DoAsync("start", number);
                break;

            case Scenario.Leave:
                await cluster.DoAsync("drain", number);
                break;

            case Scenario.Join:
                await cluster.DoAsync("start", (options.Silos + 1).ToString(CultureInfo.InvariantCulture));
                break;

            case Scenario.Upgrade:
                await cluster.DoAsync("upgrade");
                break;

            case Scenario.StoreFreeze:
                await cluster.DoAsync("store", "freeze");
                await Task.Delay(options.StoreFrozenFor);
                await cluster.DoAsync("store", "thaw");
                break;

            case Scenario.CertificateChange:
                await cluster.DoAsync("certificates");
                await cluster.DoAsync("drain", number);
                await cluster.DoAsync("start", number);
                break;

            case Scenario.StoreRestart:
                await cluster.DoAsync("store", "restart");
                break;

            default:
                throw new UnreachableException($"Nothing is known of {options.Scenario}.");
        }

        await load.AllAnswerAsync();
    }

    private static IHost Client(LocalCluster cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.UseOrleansClient(client =>
        {
            client.UseCreditGrainsGateways(cluster.Gateways);
            client.UseCreditGrainsTls(tls =>
            {
                tls.AuthorityFile = Path.Combine(cluster.Certificates, "authority.pem");
                tls.CertificateFile = Path.Combine(cluster.Certificates, "caller.pem");
                tls.KeyFile = Path.Combine(cluster.Certificates, "caller.key");
            });
            client.Configure<ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (Cluster, Cluster));
        });
        builder.Services.AddCreditGrainsClient();
        return builder.Build();
    }
}
