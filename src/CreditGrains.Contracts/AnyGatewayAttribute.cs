using Orleans.CodeGeneration;

namespace CreditGrains;

/// <summary>Lets each call to a method go through another gateway than the one before.</summary>
/// <remarks>
/// The runtime otherwise sends all calls to a grain through one gateway, to keep their order. Ours need none: who must know that an entry is in
/// before the next is sent waits for its outcome. And a call that is lost with its gateway would be repeated through the same one.
/// </remarks>
[InvokableCustomInitializer("AddInvokeMethodOptions", InvokeMethodOptions.Unordered), AttributeUsage(AttributeTargets.Method)]
internal sealed class AnyGatewayAttribute : Attribute;
