using CreditGrains.Silo.CommandLine;

var host = new CommandHost(new NoHosting(), new NoHosting(), Terminal.OfProcess(), TimeProvider.System);
return await CreditGrainsCommand.RunAsync(args, host);
