using System.Net;
using System.Net.Sockets;
using CreditGrains.Silo.Hosting;
using CreditGrains.Silo.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CreditGrains.Silo.Tests.Operations;

/// <summary>Whether a silo lives and whether it is ready, from before its start until it has stopped.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task An_active_silo_lives_and_is_ready()
    {
        await using var silo = await WatchedSilo.StartAsync(WatchedSilo.Plain());

        Assert.Equal((HttpStatusCode.OK, "live"), await silo.GetAsync("/health/live"));
        Assert.Equal((HttpStatusCode.OK, "ready"), await silo.GetAsync("/health/ready"));
    }

    [Fact]
    public async Task Before_the_silo_has_joined_it_lives_and_is_not_ready()
    {
        var (reached, letOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var silo = WatchedSilo.Of(WatchedSilo.Plain(), building => building.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            new Held(ServiceLifecycleStage.RuntimeInitialize, start: () => { reached.TrySetResult(); return letOn.Task; })));
        var starting = silo.StartAsync();
        await reached.Task;

        Assert.Equal((HttpStatusCode.OK, "live"), await silo.GetAsync("/health/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "starting"), await silo.GetAsync("/health/ready"));
        letOn.SetResult();
        await starting;
        Assert.Equal(HttpStatusCode.OK, (await silo.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task From_the_very_start_of_a_stop_it_is_not_ready_while_it_still_lives_and_its_gateway_is_open()
    {
        var (reached, letOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var settings = WatchedSilo.Plain();
        await using var silo = await WatchedSilo.StartAsync(settings, building => building.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            new Held(ServiceLifecycleStage.Last, stop: () => { reached.TrySetResult(); return letOn.Task; })));
        Assert.Equal(HttpStatusCode.OK, (await silo.GetAsync("/health/ready")).Status);
        var stopping = silo.Host.StopAsync(TestContext.Current.CancellationToken);
        await reached.Task;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), await silo.GetAsync("/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "live"), await silo.GetAsync("/health/live"));
        Assert.Equal(8, (await silo.Client.DescribeAsync(TestContext.Current.CancellationToken)).PartitionCount);
        using (var gateway = new TcpClient()) await gateway.ConnectAsync(IPAddress.Loopback, settings.GatewayPort, TestContext.Current.CancellationToken);
        letOn.SetResult();
        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => silo.GetAsync("/health/live"));
    }

    [Fact]
    public async Task While_the_silo_deactivates_and_releases_the_endpoint_still_answers()
    {
        var (reached, letOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var silo = await WatchedSilo.StartAsync(WatchedSilo.Plain(), building => building.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            new Held(ServiceLifecycleStage.RuntimeStorageServices, stop: () => { reached.TrySetResult(); return letOn.Task; })));
        var stopping = silo.Host.StopAsync(TestContext.Current.CancellationToken);
        await reached.Task;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), await silo.GetAsync("/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "live"), await silo.GetAsync("/health/live"));
        letOn.SetResult();
        await stopping;
    }

    [Fact]
    public async Task A_silo_whose_store_falls_silent_lives_and_is_not_ready_until_it_speaks_again()
    {
        await using var silo = await WatchedSilo.StartAsync(WatchedSilo.Plain());
        Assert.Equal(HttpStatusCode.OK, (await silo.GetAsync("/health/ready")).Status);
        silo.Store.FallSilent();

        // What it said a moment ago still counts.
        Assert.Equal(HttpStatusCode.OK, (await silo.GetAsync("/health/ready")).Status);
        silo.Clock.Advance(StoreProbe.Recently);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "store"), await silo.PassTimeUntil(silo.GetAsync("/health/ready")));
        Assert.Equal((HttpStatusCode.OK, "live"), await silo.GetAsync("/health/live"));
        silo.Store.Speak();
        Assert.Equal((HttpStatusCode.OK, "ready"), await silo.GetAsync("/health/ready"));
    }

    [Fact]
    public async Task A_silent_store_is_asked_once_however_many_want_to_know()
    {
        await using var silo = await WatchedSilo.StartAsync(WatchedSilo.Plain());
        silo.Store.FallSilent();
        var asking = Enumerable.Range(0, 20).Select(_ => silo.GetAsync("/health/ready")).ToList();
        await silo.Store.Asked;
        silo.Store.Speak();

        Assert.All(await Task.WhenAll(asking), answer => Assert.Equal((HttpStatusCode.OK, "ready"), answer));
        Assert.Equal(1, silo.Store.AskedInSilence);
    }

    [Fact]
    public async Task Without_a_port_nothing_is_listened_on()
    {
        var settings = WatchedSilo.Plain();
        settings.Operations.Port = 0;
        await using var silo = await WatchedSilo.StartAsync(settings);

        Assert.DoesNotContain(silo.Host.Services.GetServices<IHostedService>(), service => service is OperationsEndpoint);
    }

    [Fact]
    public async Task The_silo_of_a_command_opens_no_port_whatever_its_settings_say()
    {
        using var temp = new TempFolder();
        var settings = WatchedSilo.Plain();
        await using var ledger = await EmbeddedLedger.StartAsync(temp["ledger"], settings, create: true, TestContext.Current.CancellationToken);
        using var socket = new TcpClient();

        await Assert.ThrowsAsync<SocketException>(async () => await socket.ConnectAsync(IPAddress.Loopback, settings.Operations.Port, TestContext.Current.CancellationToken));
    }

    /// <summary>Waits at a stage of the silo's life.</summary>
    private sealed class Held(int stage, Func<Task>? start = null, Func<Task>? stop = null) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe<Held>(stage, _ => start?.Invoke() ?? Task.CompletedTask, _ => stop?.Invoke() ?? Task.CompletedTask);
    }
}
