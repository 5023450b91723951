using System.Reflection;

namespace CreditGrains.Client.Tests;

/// <summary>How these tests were built.</summary>
internal static class Source
{
    internal static string Configuration { get; } = typeof(Source).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>Gets the silo's program, as built with these tests.</summary>
    internal static string Silo => SourceRoot.Path("src", "CreditGrains.Silo", "bin", Configuration, "net10.0", "creditgrains" + Tool.ExeSuffix);
}
