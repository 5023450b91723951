using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace CreditGrains.Client.Tests;

/// <summary>What somebody else's service gets: the packages as they are packed, built against, and run against a silo's process.</summary>
public sealed class ExampleServiceTests : IAsyncLifetime
{
    private const int Minutes = 5 * 60_000;

    private static readonly string Package = $"0.1.0-test.{DateTimeOffset.UtcNow.Ticks}";
    private readonly string _folder = Directory.CreateTempSubdirectory("creditgrains-example-").FullName;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);

        // The shared cache keeps what was restored by version, and nobody will ask for this one again.
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var name in new[] { "creditgrains.contracts", "creditgrains.client" })
        {
            var restored = Path.Combine(cache, name, Package);
            if (Directory.Exists(restored)) Directory.Delete(restored, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    [Fact(Timeout = Minutes)]
    public async Task A_service_built_on_the_packages_records_and_reads()
    {
        SkipWithoutSdk();
        await using var silo = await SiloProcess.StartAsync(Path.Combine(_folder, "ledger"), TestContext.Current.CancellationToken);
        var packages = await PackAsync(TestContext.Current.CancellationToken);
        var program = await BuildAsync(packages, TestContext.Current.CancellationToken);

        // Twice: what the first run has recorded, the second finds.
        string[] arguments = ["--gateway", silo.Gateway, "--key", silo.KeyFile, "--certificates", silo.CertificateFolder];
        var first = await Tool.RunAsync(_folder, program, arguments, TestContext.Current.CancellationToken);
        var second = await Tool.RunAsync(_folder, program, arguments, TestContext.Current.CancellationToken);

        Assert.Equal(
            """
            Recorded
            Recorded
            Recorded
            Recorded
            PaymentMade: 2 in 30 days, 2 in all
            PaymentReceived: 1 in 30 days, 1 in all
            LoanOpened: 1 in 30 days, 1 in all
            again: AlreadyRecorded
            changed: Refused ReferenceReused
            reversed: Recorded
            history: 2026-01-05 PaymentReceived 41300.00 CZK
            history: 2026-01-10 PaymentMade 14500.00 CZK
            history: 2026-01-20 PaymentMade 1890.50 CZK
            history: 2026-01-21 LoanOpened 120000.00 CZK
            history: 2026-01-12 EntryReversed
            ledger: 5 entries of 1 citizens

            """,
            first.Output,
            ignoreLineEndingDifferences: true);
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Equal(
            ["AlreadyRecorded", "AlreadyRecorded", "AlreadyRecorded", "AlreadyRecorded", "PaymentMade: 1 in 30 days, 1 in all"],
            second.Output.Split('\n').Take(5));
        Assert.Equal(0, second.ExitCode);
    }

    [Fact(Timeout = Minutes)]
    public async Task A_package_says_what_it_is_and_brings_no_more_than_it_needs()
    {
        SkipWithoutSdk();
        var packages = await PackAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["Microsoft.Orleans.Sdk"], Check(packages, "CreditGrains.Contracts").Select(dependency => dependency.Id));
        Assert.Equal(
            ["CreditGrains.Contracts", "Microsoft.Extensions.Options.DataAnnotations", "Microsoft.Orleans.Client"],
            Check(packages, "CreditGrains.Client").Select(dependency => dependency.Id).Order());
        Assert.Contains(("CreditGrains.Contracts", Package), Check(packages, "CreditGrains.Client"));
    }

    private static void SkipWithoutSdk() =>
        Assert.SkipUnless(Tool.IsOnPath("dotnet"), "The packages are made and used with the .NET SDK, and 'dotnet' is not on the PATH.");

    /// <summary>Opens a package and checks what every one of ours owes; gives its dependencies.</summary>
    private static IEnumerable<(string Id, string Version)> Check(string packages, string id)
    {
        using var package = ZipFile.OpenRead(Path.Combine(packages, $"{id}.{Package}.nupkg"));
        Assert.Superset(
            new HashSet<string> { "PACKAGE.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml" },
            package.Entries.Select(entry => entry.FullName).ToHashSet());

        using var stream = package.GetEntry($"{id}.nuspec")!.Open();
        var elements = XDocument.Load(stream).Descendants().ToLookup(element => element.Name.LocalName);
        Assert.Equal("PACKAGE.md", elements["readme"].Single().Value);
        Assert.NotEmpty(elements["description"].Single().Value);
        Assert.NotEmpty(elements["authors"].Single().Value);
        return [.. elements["dependency"].Select(dependency => (dependency.Attribute("id")!.Value, dependency.Attribute("version")!.Value))];
    }

    private async Task<string> PackAsync(CancellationToken cancellation)
    {
        var packages = Path.Combine(_folder, "packages");
        foreach (var project in new[] { "CreditGrains.Contracts", "CreditGrains.Client" })
        {
            // The assemblies lie there: these tests are built after them, in the same configuration.
            await Tool.SucceedAsync(
                _folder,
                "dotnet",
                ["pack", SourceRoot.Path("src", project), "--no-build", "-c", Source.Configuration, "-o", packages, $"-p:PackageVersion={Package}", "-v", "quiet", "-nologo"],
                cancellation);
        }

        return packages;
    }

    /// <summary>Builds a copy of the example outside of the repository, where nothing of the repository's settings reaches it.</summary>
    private async Task<string> BuildAsync(string packages, CancellationToken cancellation)
    {
        var example = Directory.CreateDirectory(Path.Combine(_folder, "example")).FullName;
        foreach (var file in new[] { "Program.cs", "CreditGrains.ExampleService.csproj" })
            File.Copy(SourceRoot.Path("tests", "CreditGrains.ExampleService", file), Path.Combine(example, file));

        var built = Path.Combine(_folder, "built");
        await Tool.SucceedAsync(
            example,
            "dotnet",
            [
                "build", "-o", built, $"-p:CreditGrainsVersion={Package}", $"-p:RestoreAdditionalProjectSources={packages}",
                "-p:TreatWarningsAsErrors=true", "-v", "quiet", "-nologo",
            ],
            cancellation);
        return Path.Combine(built, "CreditGrains.ExampleService" + Tool.ExeSuffix);
    }
}
