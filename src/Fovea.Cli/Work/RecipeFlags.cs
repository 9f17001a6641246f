using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Recipes;

namespace Fovea.Cli.Work;

/// <summary>Flags that change a recipe.</summary>
internal static class RecipeFlags
{
    internal static Option<string[]> Set { get; } = new("--set")
    {
        Description = "Replace one option of the recipe, as in --set optimizer.learning_rate=0.2; may be repeated",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    internal static RecipeOverride[] Overrides(Invocation call) => [.. (call.Value(Set) ?? []).Select(RecipeOverride.Parse)];
}
