using System.Globalization;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Quantization;

/// <summary>A value that is held as integers.</summary>
/// <param name="Name">The name of the input, or the path of the node that computes it with its operation, as in <c>layer1.0.conv1/relu</c>; unique.</param>
/// <param name="Value">The value.</param>
public sealed record ActivationPoint(string Name, Value Value);

/// <summary>A product that is computed in integers.</summary>
/// <param name="Name">The name of its weight.</param>
/// <param name="Node">The convolution.</param>
public sealed record QuantizedProduct(string Name, Node Node);

/// <summary>
/// What of a deployed graph is held and computed in integers of 8 bits, in one place: convolutions by weights that are parameters, what they read, and the
/// residuals that are added where they store integers. All else stays in fractions, first of all the classifier.
/// </summary>
public sealed class QuantizationPoints
{
    private readonly HashSet<Value> _held = [];

    private QuantizationPoints(Graph graph, Predicate<string> keepsFractions)
    {
        Products =
        [
            .. graph.Nodes.Where(node => node.Op is Conv2d && node.Inputs[1].Variable is { Kind: VariableKind.Parameter } weight && !keepsFractions(weight.Label))
                .Select(node => new QuantizedProduct(node.Inputs[1].Variable!.Label, node)),
        ];
        var products = Products.Select(product => product.Node).ToHashSet();
        foreach (var product in products) _held.Add(product.Inputs[0]);
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
            if (ResidualOf(graph.Nodes[i], products) is { } residual) _held.Add(residual);
        Activations = Named(graph.Nodes.SelectMany(node => node.Results).Where(_held.Contains));
    }

    /// <summary>The products, in order.</summary>
    public IReadOnlyList<QuantizedProduct> Products { get; }

    /// <summary>What is held as integers, in the order in which it is computed.</summary>
    public IReadOnlyList<ActivationPoint> Activations { get; }

    /// <summary>Finds them.</summary>
    /// <param name="graph">An inference graph whose norms are folded.</param>
    /// <param name="keepsFractions">Whether the product by a weight of that name stays in fractions; null for none.</param>
    public static QuantizationPoints Of(Graph graph, Predicate<string>? keepsFractions = null) => new(graph, keepsFractions ?? (_ => false));

    /// <summary>
    /// What is added to a product that stores integers. The later of two products takes the other, as far as it is computed by then; the sum is in fractions
    /// until it is stored.
    /// </summary>
    private Value? ResidualOf(Node node, HashSet<Node> products)
    {
        if (node.Op is not Add || node.Inputs[0].Type != node.Inputs[1].Type || !IsStored(node.Result)) return null;
        var (first, second) = (node.Inputs[0], node.Inputs[1]);
        if (second.Node.Index < first.Node.Index) (first, second) = (second, first);
        return first != second && first.Variable is null && IsProduct(second, products) ? first : null;
    }

    private bool IsStored(Value sum) => _held.Contains(sum)
        || (sum.UsedOnce && Readers(sum).FirstOrDefault() is { Op: Pointwise } activation && _held.Contains(activation.Result));

    private static IEnumerable<Node> Readers(Value value) => value.Graph.Nodes.Skip(value.Node.Index + 1).Where(node => node.Inputs.Contains(value));

    /// <summary>Whether a value is a product, or that with its bias, which nothing else reads.</summary>
    private static bool IsProduct(Value value, HashSet<Node> products) => value.UsedOnce && (products.Contains(value.Node)
        || (value.Op is Add && value.Node.Inputs[0] is { UsedOnce: true } product && products.Contains(product.Node)));

    private static List<ActivationPoint> Named(IEnumerable<Value> values)
    {
        var (points, counts) = (new List<ActivationPoint>(), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var value in values)
        {
            var name = value.Variable?.Label ?? (value.Node.Path.Length > 0 ? $"{value.Node.Path}/{value.Op.Name}" : value.Op.Name);
            var count = counts[name] = counts.GetValueOrDefault(name) + 1;
            points.Add(new(count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}#{count}"), value));
        }

        return points;
    }
}
