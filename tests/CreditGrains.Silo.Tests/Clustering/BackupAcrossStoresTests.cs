using CreditGrains.Silo.CommandLine;
using CreditGrains.Silo.Tests.Crash;
using CreditGrains.Tests;

namespace CreditGrains.Silo.Tests.Clustering;

/// <summary>A folder's ledger moves to a cluster's store and back, by the program as an operator runs it.</summary>
public sealed class BackupAcrossStoresTests(AzuriteServer azurite)
{
    [Fact]
    public async Task A_folders_ledger_is_restored_into_Azure_Tables_for_a_cluster_and_back()
    {
        using var temp = new TempFolder();
        var entries = Payments.WriteFile(temp, "entries.jsonl", [.. Enumerable.Range(0, 200).Select(number => Payments.Of(Payments.Citizen(number % 40), number))]);
        var data = temp["folder"];
        await Fine("import", "entries", entries, "--data", data);
        var config = temp.Write("silo.json", $$"""
            {
              "cluster": "nation",
              "tls": { "developmentPlainText": true },
              "store": { "kind": "azure-tables", "azureTables": { "accounts": [ { "connectionString": "{{azurite.ConnectionString()}}" } ], "table": "t{{Guid.NewGuid():N}}" } },
              "keys": { "pseudonym": "folder/pseudonym.key", "reference": "folder/reference.key" }
            }
            """);

        await Fine("backup", temp["outward"], "--data", data);
        await Fine("restore", temp["outward"], "--config", config);
        await Fine("verify", "--config", config);
        await Fine("backup", temp["homeward"], "--config", config);
        Directory.CreateDirectory(temp["home"]);
        foreach (var key in Directory.GetFiles(data, "*.key")) File.Copy(key, Path.Combine(temp["home"], Path.GetFileName(key)));
        await Fine("restore", temp["homeward"], "--data", temp["home"]);

        Assert.Equal(await Fine("totals", "--data", data, "--json"), await Fine("totals", "--data", temp["home"], "--json"));
    }

    private static async Task<string> Fine(params string[] words)
    {
        var ended = await LedgerProgram.RunAsync(words);
        Assert.Equal((ExitCode.Fine, ""), (ended.Code, ended.Error));
        return ended.Out;
    }
}
