using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace CreditGrains.Client.Tests;

/// <summary>What a service gets when it adds the client.</summary>
public sealed class RegistrationTests
{
    [Theory]
    [InlineData(nameof(LedgerClientOptions.MaxEntriesInFlight))]
    [InlineData(nameof(LedgerClientOptions.MaxEntriesPerBatch))]
    [InlineData(nameof(LedgerClientOptions.MaxAttempts))]
    [InlineData(nameof(LedgerClientOptions.FirstBackOff))]
    [InlineData(nameof(LedgerClientOptions.MaxBackOff))]
    public async Task An_option_out_of_its_range_stops_the_service_at_its_start_and_is_named(string option)
    {
        using var host = Build(options =>
        {
            var property = typeof(LedgerClientOptions).GetProperty(option)!;
            property.SetValue(options, property.PropertyType == typeof(int) ? 0 : TimeSpan.Zero);
        });

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(option, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_defaults_are_within_their_ranges()
    {
        using var host = Build(_ => { });

        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Adding_it_twice_adds_one_client()
    {
        var services = new ServiceCollection().AddCreditGrainsClient().AddCreditGrainsClient(options => options.MaxAttempts = 3);

        Assert.Single(services, service => service.ServiceType == typeof(ILedgerClient));
        using var provider = services.BuildServiceProvider();
        Assert.Equal(3, provider.GetRequiredService<IOptions<LedgerClientOptions>>().Value.MaxAttempts);
    }

    private static IHost Build(Action<LedgerClientOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddCreditGrainsClient(configure);
        return builder.Build();
    }
}
