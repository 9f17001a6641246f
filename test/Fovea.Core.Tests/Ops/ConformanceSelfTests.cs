using Fovea.Conformance;
using Fovea.Conformance.Blocks;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Ops;

/// <summary>The suite itself: what is wrong must be found.</summary>
public class ConformanceSelfTests
{
    [Fact]
    public void A_wrong_gradient_is_found()
    {
        var wrong = new OpCase("wrong_square/x", new WrongSquare(), Tolerance.Rounding, OpInput.Of(2, 3));
        Assert.Contains(
            "the central difference is",
            Assert.Throws<ConformanceException>(() => GradientCheck.OnOracle(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_that_the_case_denies_is_found()
    {
        var denied = new OpCase("square/x", new Square(), Tolerance.Rounding, OpInput.Of(2)) { NotDifferentiable = "nobody wrote it" };
        Assert.Contains("has a gradient now", Assert.Throws<ConformanceException>(() => GradientCheck.OnOracle(denied)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.99, false)]
    [InlineData(1 + 1e-5, false)]
    [InlineData(1 + 1e-8, true)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void A_wrong_result_is_found(double factor, bool passes)
    {
        var @case = OpCatalogue.Find("add/equal");
        var check = Record.Exception(() => ResultCheck.Run(new Scaling(factor), @case));
        Assert.Equal(passes, check is null);
        if (!passes) Assert.IsType<ConformanceException>(check);
    }

    [Fact]
    public void A_wrong_result_is_found_at_sampled_places()
    {
        var @case = OpCatalogue.Find("conv2d/3x3") with { RealSize = true };
        ResultCheck.Run(new Scaling(1 + 1e-8), @case);
        var error = Assert.Throws<ConformanceException>(() => ResultCheck.Run(new Scaling(1 + 1e-3), @case));
        Assert.Contains("samples of f32[2, 4, 9, 7]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_gradient_of_a_block_is_found()
    {
        var block = new BlockCase("gate", x => x[0].Times(x[1].Sigmoid()).Relu(), OpInput.Of(2, 3, 4, 4), OpInput.Of(2, 3, 4, 4));
        BlockCheck.Run(new Scaling(1 + 1e-8), block, DType.Float32);
        Assert.Throws<ConformanceException>(() => BlockCheck.Run(new Scaling(1 + 1e-3), block, DType.Float32));
    }

    [Fact]
    public void A_case_without_a_gradient_has_none_to_compare()
    {
        Assert.False(GradientCheck.Covers(OpCatalogue.Find("greater_or_equal/equal")));
        Assert.Throws<ConformanceException>(() => GradientCheck.OnBackend(new ReferenceBackend(), OpCatalogue.Find("greater_or_equal/equal")));
    }

    [Fact]
    public void What_only_moves_elements_must_be_exact()
    {
        Assert.Throws<ConformanceException>(() => Comparison.Close("x", new OracleTensor(new Shape(1), [1]), new OracleTensor(new Shape(1), [1 + 1e-15]), 0));
        Comparison.Close("x", new OracleTensor(new Shape(2), [double.NegativeInfinity, 1]), new OracleTensor(new Shape(2), [double.NegativeInfinity, 1]), 0);
    }

    [Fact]
    public void Missing_and_needless_exemptions_are_named()
    {
        var exempt = new Dictionary<string, string> { ["b"] = "not yet", ["c"] = "why not", ["d"] = "gone" };
        Assert.Equal(
            ["a is missing", "b is exempt («not yet») but need not be", "d is exempt («gone») but does not exist"],
            Completeness.Problems(["a", "b", "c"], ["b"], exempt));
    }

    private sealed record WrongSquare : Pointwise
    {
        public override string Name => "wrong_square";

        public override double Function(double x) => x * x;

        public override double Derivative(double x) => 2.01 * x;
    }

    /// <summary>The reference backend with every output multiplied.</summary>
    private sealed class Scaling(double factor) : IBackend
    {
        public string Name => "scaling";

        public ISession Open() => new Session(new ReferenceBackend().Open(), factor);

        private sealed class Session(ISession inner, double factor) : ISession
        {
            public IReadOnlyList<string> Variables => inner.Variables;

            public IExecutable Compile(Graph graph, ulong seed = 0)
            {
                var copy = new Graph(graph.Name);
                var map = new Dictionary<Value, Value>();
                foreach (var node in graph.Nodes)
                    map[node.Result] = node.Op is Variable variable ? copy.Declare(variable) : copy.Add(node.Op, [.. node.Inputs.Select(input => map[input])]);
                foreach (var (name, value) in graph.Outputs) copy.Output(name, map[value].Times(copy.Constant((float)factor)));
                return inner.Compile(copy, seed);
            }

            public void Write(string variable, HostTensor value) => inner.Write(variable, value);

            public HostTensor Read(string variable) => inner.Read(variable);

            public void Dispose() => inner.Dispose();
        }
    }
}
