using CreditGrains.Silo.CommandLine;
using CreditGrains.Silo.Hosting;

var settings = new SiloSettings();
var host = new CommandHost(new LedgerOpener(settings), new LedgerServer(), Terminal.OfProcess(), TimeProvider.System);
return await CreditGrainsCommand.RunAsync(args, host);
