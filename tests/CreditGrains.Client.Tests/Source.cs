using System.Reflection;

namespace CreditGrains.Client.Tests;

/// <summary>Where the sources lie, and how these tests were built.</summary>
internal static class Source
{
    internal static string Root { get; } = Find();

    internal static string Configuration { get; } = typeof(Source).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>Gets the silo's program, as built with these tests.</summary>
    internal static string Silo => Path.Combine(Root, "src", "CreditGrains.Silo", "bin", Configuration, "net10.0", "creditgrains" + Tool.ExeSuffix);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CreditGrains.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("CreditGrains.sln is in no folder above the tests.");
    }
}
