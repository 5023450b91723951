System.Console.WriteLine("creditgrains");
