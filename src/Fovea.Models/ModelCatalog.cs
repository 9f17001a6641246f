namespace Fovea.Models;

/// <summary>The models that can be named.</summary>
public static class ModelCatalog
{
    private static readonly int[] s_depthA = [2, 4, 14, 1];
    private static readonly int[] s_depthB = [4, 6, 16, 1];
    private static readonly int[] s_depthM = [2, 2, 2, 2];

    /// <summary>All rows, family by family.</summary>
    public static IReadOnlyList<ModelRow> All { get; } =
    [
        RepVggRow("repvgg_a0", RepVgg.Of(s_depthA, 0.75, 2.5)),
        RepVggRow("repvgg_a1", RepVgg.Of(s_depthA, 1, 2.5)),
        RepVggRow("repvgg_a2", RepVgg.Of(s_depthA, 1.5, 2.75)),
        RepVggRow("repvgg_b0", RepVgg.Of(s_depthB, 1, 2.5)),
        RepVggRow("repvgg_b1", RepVgg.Of(s_depthB, 2, 4)),
        RepVggRow("repvgg_b1g2", RepVgg.Of(s_depthB, 2, 4, groups: 2)),
        RepVggRow("repvgg_b1g4", RepVgg.Of(s_depthB, 2, 4, groups: 4)),
        RepVggRow("repvgg_b2", RepVgg.Of(s_depthB, 2.5, 5)),
        RepVggRow("repvgg_b2g2", RepVgg.Of(s_depthB, 2.5, 5, groups: 2)),
        RepVggRow("repvgg_b2g4", RepVgg.Of(s_depthB, 2.5, 5, groups: 4)),
        RepVggRow("repvgg_b3", RepVgg.Of(s_depthB, 3, 5)),
        RepVggRow("repvgg_b3g2", RepVgg.Of(s_depthB, 3, 5, groups: 2)),
        RepVggRow("repvgg_b3g4", RepVgg.Of(s_depthB, 3, 5, groups: 4)),
        SmallRepVggRow("repvgg_n0", RepVgg.Of(s_depthA, 1, 1)),
        SmallRepVggRow("repvgg_n1", RepVgg.Of(s_depthA, 0.25, 0.25)),
        SmallRepVggRow("repvgg_n2", RepVgg.Of(s_depthA, 0.5, 0.5)),
        SmallRepVggRow("repvgg_n3", RepVgg.Of(s_depthA, 0.25, 1)),
        SmallRepVggRow("repvgg_n4", RepVgg.Of(s_depthA, 0.5, 1)),
        SmallRepVggRow("repvgg_m0", RepVgg.Of(s_depthM, 1, 1)),
        SmallRepVggRow("repvgg_m1", RepVgg.Of(s_depthM, 0.75, 2.5)),
        RepVggRow("repvgg", RepVgg.Free) with { IsFreeForm = true },
        ResNetRow("resnet18", ResNet.Of([2, 2, 2, 2])),
        ResNetRow("resnet34", ResNet.Of([3, 4, 6, 3])),
        ResNetRow("resnet50", ResNet.Of([3, 4, 6, 3], bottleneck: true)),
        CifarResNetRow("resnet20", CifarResNet.Of(20)),
        CifarResNetRow("resnet32", CifarResNet.Of(32)),
        CifarResNetRow("resnet44", CifarResNet.Of(44)),
        CifarResNetRow("resnet56", CifarResNet.Of(56)),
        CifarResNetRow("resnet110", CifarResNet.Of(110)),
        CifarResNetRow("cifar_resnet20", CifarResNet.Of(20, projects: true)) with { Licence = "MIT" },
    ];

    /// <summary>The row of that name.</summary>
    /// <exception cref="ModelException">There is none; the message names the nearest.</exception>
    public static ModelRow Find(string name) => TryFind(name) ??
        throw new ModelException($"there is no model '{name}'; did you mean '{Nearest(name)}'? ('fovea models' lists all {All.Count})");

    /// <summary>The row of that name, or null.</summary>
    public static ModelRow? TryFind(string name) => All.FirstOrDefault(row => row.Name == name);

    /// <summary>The graph of the model of that name; see <see cref="ModelRow.Build"/>.</summary>
    /// <exception cref="ModelException">There is no such model, or it cannot take the options.</exception>
    public static Graphs.Graph Build(string name, ModelOptions? options = null, int batch = 1) => Find(name).Build(options, batch);

    private static string Nearest(string name) => All.MinBy(row => EditDistance(row.Name, name))!.Name;

    /// <summary>How many letters have to be added, removed or replaced (Levenshtein).</summary>
    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }

    private static ModelRow RepVggRow(string name, ModelBuilder builder) =>
        new(name, "repvgg", builder) { Paper = "arXiv:2101.03697", Licence = "MIT", OtherNames = [RepVgg.Official] };

    /// <summary>The small variants that are published for 89 classes at 112 pixels.</summary>
    private static ModelRow SmallRepVggRow(string name, ModelBuilder builder) => RepVggRow(name, builder) with { Classes = 89, ImageSize = 112 };

    private static ModelRow ResNetRow(string name, ModelBuilder builder) =>
        new(name, "resnet", builder) { Paper = "arXiv:1512.03385", Licence = "BSD-3-Clause" };

    private static ModelRow CifarResNetRow(string name, ModelBuilder builder) => new(name, "cifar_resnet", builder)
    {
        Paper = "arXiv:1512.03385", Licence = "BSD-2-Clause", Classes = 10, ImageSize = 32, CropFraction = 1,
    };
}
