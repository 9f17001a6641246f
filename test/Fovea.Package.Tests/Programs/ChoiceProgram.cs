using Fovea.Auto;
using Fovea.Backends.OneDnn;
using Fovea.Data.Sets;
using Fovea.Recipes;

namespace Programs;

/// <summary>The program of the page on the first day, which chooses a recipe.</summary>
internal static class ChoiceProgram
{
    internal static List<string> Lines { get; } = [];

    internal static void Run(string[] args)
    {
        var data = DataSet.Find(args[0]);
        var choice = AutoRecipe.For(DataSummary.Of(data), Machine.Here(new OneDnnBackend()), new() { Time = TimeSpan.FromMinutes(10) });
        foreach (var reason in choice.Reasons) Console.WriteLine(reason);
        choice.Recipe.Save(args[1]);
    }

    private static class Console
    {
        internal static void WriteLine(AutoReason reason) => Lines.Add(reason.ToString());
    }
}
