using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace CreditGrains.Rooms.Tests;

/// <summary>The arrows between rooms. An arrow that is not in this table fails the build.</summary>
public sealed class RoomRules
{
    private const string Prefix = "CreditGrains.";

    [Theory]
    [InlineData("Contracts", "")]
    [InlineData("Ledger", "Contracts")]
    [InlineData("Journal", "")]
    [InlineData("Grains", "Contracts Ledger Journal")]
    [InlineData("Client", "Contracts")]
    [InlineData("Modelling", "Contracts Ledger")]
    public void A_room_touches_only_the_rooms_it_may(string room, string mayTouch)
    {
        var allowed = Names(mayTouch);

        var touched = Assembly.Load(Prefix + room).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

        Assert.Empty(touched.Except(allowed));
    }

    // The compiler drops a reference that no line uses, so the project files are asked as well.
    [Theory]
    [InlineData("Contracts", "")]
    [InlineData("Ledger", "Contracts")]
    [InlineData("Journal", "")]
    [InlineData("Grains", "Contracts Ledger Journal")]
    [InlineData("Client", "Contracts")]
    [InlineData("Modelling", "Contracts Ledger")]
    [InlineData("Silo", "Contracts Ledger Journal Grains Client Modelling")]
    public void A_project_file_names_only_the_rooms_it_may(string room, string mayTouch)
    {
        var project = XDocument.Load(SourceRoot.Path("src", Prefix + room, Prefix + room + ".csproj"));

        var named = project.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));

        Assert.Empty(named.Except(Names(mayTouch)));
    }

    [Theory]
    [InlineData("Journal", "Microsoft.Orleans Orleans")]
    [InlineData("Ledger", "Orleans.Runtime Orleans.Core. RocksDb Microsoft.Extensions System.Threading.Thread System.Net System.IO.FileSystem")]
    [InlineData("Modelling", "Orleans Microsoft.Orleans RocksDb Npgsql Azure Microsoft.Extensions System.Net System.IO.FileSystem")]
    [InlineData("Contracts", "Orleans.Runtime RocksDb Npgsql Azure")]
    [InlineData("Client", "RocksDb Npgsql Azure")]
    [InlineData("Grains", "RocksDb Npgsql Azure")]
    public void A_room_stays_clear_of_what_it_must_not_know(string room, string prefixes)
    {
        var touched = Assembly.Load(Prefix + room).GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.DoesNotContain(touched, name => prefixes.Split(' ').Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
    }

    // What a package brings along is not in the assembly's references, but every client would download it.
    [Theory]
    [InlineData("Contracts")]
    [InlineData("Client")]
    public void A_package_for_clients_brings_no_store_along(string room)
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(SourceRoot.Path("src", Prefix + room, "packages.lock.json")));

        var packages = locked.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject()).Select(package => package.Name);

        Assert.NotEmpty(packages);
        Assert.DoesNotContain(packages, name => name.StartsWith("Azure", StringComparison.Ordinal) || name is "RocksDB" or "Npgsql");
    }

    private static IEnumerable<string> Names(string rooms) =>
        rooms.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(room => Prefix + room);
}
