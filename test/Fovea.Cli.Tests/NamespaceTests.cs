using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Fovea.Backends.OneDnn;
using Fovea.Darknet;
using Fovea.Data.Decoding;
using Fovea.Formats;
using Fovea.Graphs;
using Fovea.Import;
using Fovea.Models;
using Fovea.Recipes;
using Fovea.Training;

namespace Fovea.Cli.Tests;

public class NamespaceTests
{
    private static readonly System.Reflection.Assembly[] s_rooms =
    [
        typeof(Graph).Assembly, typeof(ModelCatalog).Assembly, typeof(OneDnnBackend).Assembly, typeof(ModelFormatException).Assembly,
        typeof(DarknetNetwork).Assembly, typeof(ImageDecoder).Assembly, typeof(Trainer).Assembly, typeof(RecipeReader).Assembly,
        typeof(RecipeImport).Assembly, typeof(Classifier).Assembly, typeof(Tool).Assembly,
    ];

    [Fact]
    public void Every_room_is_looked_at() => Assert.Equal(Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Length, s_rooms.Length);

    [Fact]
    public void Namespaces_use_each_other_in_one_direction_only()
    {
        var uses = Uses(new ArchLoader().LoadAssemblies(s_rooms).Build());
        var circles = (from first in uses
                       from second in first.Value.Keys
                       where Reaches(uses, second, first.Key)
                       select $"{first.Key} -> {second}: {string.Join(", ", first.Value[second].Order(StringComparer.Ordinal).Take(40))}").ToList();
        Assert.True(circles.Count == 0, string.Join('\n', circles.Order(StringComparer.Ordinal)));
    }

    /// <summary>Which namespaces of ours a namespace uses, and by which types.</summary>
    private static Dictionary<string, Dictionary<string, HashSet<string>>> Uses(Architecture architecture)
    {
        var uses = new Dictionary<string, Dictionary<string, HashSet<string>>>(StringComparer.Ordinal);
        foreach (var type in architecture.Types.Where(IsOurs))
            foreach (var dependency in type.Dependencies)
            {
                if (!IsOurs(dependency.Target)) continue;
                var (from, to) = (type.Namespace.FullName, dependency.Target.Namespace.FullName);
                if (from == to) continue;
                if (!uses.TryGetValue(from, out var targets)) uses[from] = targets = new(StringComparer.Ordinal);
                if (!targets.TryGetValue(to, out var names)) targets[to] = names = new(StringComparer.Ordinal);
                names.Add($"{type.Name} uses {dependency.Target.Name}");
            }

        Assert.True(uses.Count > 20, $"only {uses.Count} namespaces use others");
        return uses;
    }

    private static bool Reaches(Dictionary<string, Dictionary<string, HashSet<string>>> uses, string from, string to)
    {
        var (seen, open) = (new HashSet<string>([from], StringComparer.Ordinal), new Stack<string>([from]));
        while (open.TryPop(out var current))
        {
            if (current == to) return true;
            if (uses.TryGetValue(current, out var targets))
                foreach (var next in targets.Keys.Where(seen.Add)) open.Push(next);
        }

        return false;
    }

    private static bool IsOurs(IType type) =>
        type is not GenericParameter && type.Namespace?.FullName is { } name && (name == "Fovea" || name.StartsWith("Fovea.", StringComparison.Ordinal));
}
