from ita_core.plan.workbook.writing import write
