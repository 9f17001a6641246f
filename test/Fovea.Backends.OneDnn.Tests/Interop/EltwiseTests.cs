using Fovea.Backends.OneDnn.Interop;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <summary>Functions that a primitive applies to its result.</summary>
public sealed class EltwiseTests
{
    /// <summary>Name → kind, α, β and the function in double.</summary>
    private static readonly Dictionary<string, (EltwiseKind Kind, float Alpha, float Beta, Func<double, double> F)> s_functions = new()
    {
        ["relu"] = (EltwiseKind.Relu, 0, 0, x => Math.Max(x, 0)),
        ["leaky relu"] = (EltwiseKind.Relu, 0.1f, 0, x => x > 0 ? x : 0.1f * x),
        ["tanh"] = (EltwiseKind.Tanh, 0, 0, Math.Tanh),
        ["square"] = (EltwiseKind.Square, 0, 0, x => x * x),
        ["sqrt"] = (EltwiseKind.Sqrt, 0, 0, Math.Sqrt),
        ["linear"] = (EltwiseKind.Linear, 2, -0.25f, x => (2 * x) - 0.25),
        ["logistic"] = (EltwiseKind.Logistic, 0, 0, x => 1 / (1 + Math.Exp(-x))),
        ["exp"] = (EltwiseKind.Exp, 0, 0, Math.Exp),
        ["log"] = (EltwiseKind.Log, 0, 0, Math.Log),
        ["clip"] = (EltwiseKind.Clip, -0.5f, 0.75f, x => Math.Clamp(x, -0.5, 0.75)),
        ["pow"] = (EltwiseKind.Pow, 0.5f, 2, x => 0.5 * x * x),
        ["gelu by erf"] = (EltwiseKind.GeluErf, 0, 0, x => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)))),
        ["gelu by tanh"] = (EltwiseKind.GeluTanh, 0, 0, x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))),
        ["swish"] = (EltwiseKind.Swish, 1.25f, 0, x => x / (1 + Math.Exp(-1.25 * x))),
        ["mish"] = (EltwiseKind.Mish, 0, 0, x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))),
        ["hardswish"] = (EltwiseKind.Hardswish, 0, 0, x => x * Math.Clamp(x + 3, 0, 6) / 6),
    };

    public static TheoryData<string> Functions { get; } = new(s_functions.Keys);

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_after_a_product_agrees_with_its_formula(string name)
    {
        var (kind, alpha, beta, f) = s_functions[name];
        using var bench = new Workbench();
        var (rows, one) = (F32(324, 1), F32(1, 1));
        using var product = bench.Own(Api.MatMul(rows, one, bias: null, rows, Attributes.None.WithEltwise(kind, alpha, beta)));

        var positive = kind is EltwiseKind.Sqrt or EltwiseKind.Log;
        var x = Array.ConvertAll(Numbers(rows.Dims, 1), v => positive ? Math.Abs(v) + 0.25f : 4 * v);
        var y = bench.New(rows);
        bench.Run(product, (DNNL_ARG_SRC, bench.Put(rows, x)), (DNNL_ARG_WEIGHTS, bench.Put(one, [1])), (DNNL_ARG_DST, y));
        Close.To(Array.ConvertAll(x, v => f(v)), bench.Get(y), tolerance: 1e-4);
    }

    /// <summary>The Maclaurin series; exact to double precision for |x| below 4.</summary>
    private static double Erf(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 1; n < 120; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
