using Xunit;

namespace CreditGrains.Client.Tests;

/// <summary>Which gateways calls go through.</summary>
public sealed class GatewayTests
{
    // A copy of a late call has to find another way than the call itself: one that goes through the same gateway is stuck behind it.
    [Fact]
    public void No_call_to_the_ledger_is_bound_to_one_gateway()
    {
        var calls = typeof(ICitizenGrain).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(RequestBase)) && !type.IsAbstract)
            .Select(type => (RequestBase)Activator.CreateInstance(type)!)
            .ToList();

        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.True(call.Options.HasFlag(Orleans.CodeGeneration.InvokeMethodOptions.Unordered), $"{call.GetInterfaceName()}.{call.GetMethodName()}"));
    }
}
